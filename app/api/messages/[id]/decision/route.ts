import { route } from "@/lib/server/route.ts";
import { viewDecision } from "@/lib/turns/decision.ts";

export const GET = route({}, ({ viewerId, id }) => viewDecision(viewerId, id));
