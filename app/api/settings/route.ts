import { environment } from "@/lib/server/env.ts";
import { route } from "@/lib/server/route.ts";
import { settingsSchema } from "@/lib/shared/chat.ts";
import { changeSettings, viewSettings } from "@/lib/turns/settings.ts";

export const GET = route({}, ({ viewerId }) => viewSettings(viewerId, environment().preset));

export const PATCH = route({ body: settingsSchema.partial() }, ({ viewerId, body }) =>
  changeSettings(viewerId, body, environment().preset),
);
