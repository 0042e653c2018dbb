import { environment } from "@/lib/server/env.ts";
import { route } from "@/lib/server/route.ts";
import { journalResponse } from "@/lib/server/stream.ts";
import { turnDependencies } from "@/lib/server/wire.ts";
import { regenerate } from "@/lib/turns/regenerate.ts";

/** Another reply to the same message; answers with its stream. */
export const POST = route({ limit: "turn" }, async ({ request, viewerId, id }) => {
  const asker = { viewerId, defaultPreset: environment().preset };
  const { runId } = await regenerate(turnDependencies, asker, id);
  return journalResponse(runId, 0, request);
});
