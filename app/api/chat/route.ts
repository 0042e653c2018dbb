import { environment } from "@/lib/server/env.ts";
import { route } from "@/lib/server/route.ts";
import { journalResponse } from "@/lib/server/stream.ts";
import { turnDependencies } from "@/lib/server/wire.ts";
import { chatBodySchema } from "@/lib/shared/chat.ts";
import { startTurn } from "@/lib/turns/start.ts";

/** Sends a message; answers with the stream of the run that replies to it. */
export const POST = route({ body: chatBodySchema, limit: "turn" }, async ({ request, viewerId, body }) => {
  const asker = { viewerId, defaultPreset: environment().preset };
  const { runId } = await startTurn(turnDependencies, asker, body);
  return journalResponse(runId, 0, request);
});
