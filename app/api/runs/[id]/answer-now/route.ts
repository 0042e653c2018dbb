import { route } from "@/lib/server/route.ts";
import { answerNow } from "@/lib/turns/signal.ts";

export const POST = route({}, ({ viewerId, id }) => answerNow(viewerId, id));
