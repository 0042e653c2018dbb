import { route } from "@/lib/server/route.ts";
import { stopRun } from "@/lib/turns/signal.ts";

export const POST = route({}, ({ viewerId, id }) => stopRun(viewerId, id));
