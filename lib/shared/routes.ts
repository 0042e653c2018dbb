import { z } from "zod";
import { runStateSchema } from "./kinds.ts";

/**
 * Bodies and answers of the smaller routes; those of a turn stand in chat.ts, feedback in feedback.ts.
 *
 * Four routes answer with the UI message stream of a run (server-sent events; every event's `id` is the journal's seq):
 * `POST /api/chat` · `POST /api/messages/:id/regenerate` (no body; id of the reply, or of the user's message) ·
 * `POST /api/runs/:id/resume` (no body) · `GET /api/runs/:id/events?after=seq`.
 * Without `after` the last one begins with `start` and everything so far, folded; with `after` (or a Last-Event-ID header)
 * it carries only what came later, so it continues a stream that broke off.
 */

/** `POST /api/runs/:id/stop` and `/answer-now` (no body): the run's state at that moment. Both may be repeated. */
export const runAnswerSchema = z.object({ runId: z.string(), state: runStateSchema });
export type RunAnswer = z.infer<typeof runAnswerSchema>;

/** `POST /api/messages/:id/use`: show this candidate instead of the reply; answers with the new sibling's id. */
export const useBodySchema = z.object({ candidateId: z.string().min(1).max(100) });
export const useAnswerSchema = z.object({ messageId: z.string(), conversationId: z.string() });
export type UseAnswer = z.infer<typeof useAnswerSchema>;

/** `PATCH /api/conversations/:id`: answers with the conversation's summary. `leafId`: the branch now shown. */
export const conversationPatchSchema = z
  .object({ title: z.string().trim().min(1).max(200), pinned: z.boolean(), leafId: z.uuid() })
  .partial();
export type ConversationPatch = z.infer<typeof conversationPatchSchema>;

/** `POST /api/messages/:id/implicit` (204): what a person did with a reply, unasked. `ms`: time since it was shown.
 * The server adds `answer_now` itself, when it closes a run that was asked to answer now. */
export const implicitBodySchema = z.object({
  action: z.enum(["copy", "branch", "abandon", "why"]),
  ms: z.number().nonnegative().max(86_400_000).optional(),
});
export type ImplicitBody = z.infer<typeof implicitBodySchema>;

/** `GET /api/health`. 503 when a part fails; the part says so in words. */
export const healthSchema = z.object({
  status: z.enum(["ok", "failed"]),
  database: z.string(),
  model: z.object({ status: z.string(), id: z.string().nullable() }),
});
export type Health = z.infer<typeof healthSchema>;
