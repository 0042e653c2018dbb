import type { ErrorPart } from "../shared/events.ts";
import type { RunState } from "../shared/kinds.ts";
import type { Decision } from "../shared/record.ts";
import { lockConversation, moveLeaf } from "../store/conversations.ts";
import { transaction } from "../store/database.ts";
import { addDecision } from "../store/decisions.ts";
import { writeEvents } from "../store/events.ts";
import { appendFeedback } from "../store/feedback.ts";
import { addMessage } from "../store/messages.ts";
import { endRun } from "../store/runs.ts";
import { addUsage, type UsageRow } from "../store/usage.ts";
import { type Chunk, ending } from "./chunk.ts";
import { addTo, copyOf, type Folded, partsOf } from "./fold.ts";

export type Closing = {
  run: { id: string; viewerId: string; conversationId: string; userMessageId: string; messageId: string };
  state: Exclude<RunState, "running">;
  error: ErrorPart | null;
  /** The journal so far: its last seq that is written, what is not written yet, and what all of it folds to. */
  seq: number;
  rest: readonly Chunk[];
  folded: Folded;
  record: Decision | null;
  usage: readonly UsageRow[];
  /** Only end a run whose heart has not beaten for so many seconds (the reaper's condition, checked where it counts). */
  silentFor?: number;
};

/**
 * Ends a run exactly once: its state, the end of its journal, the message with whatever text there is, the decision record
 * and the usage, all in one transaction. False where somebody else had ended it; then nothing is written.
 */
export async function closeRun(closing: Closing): Promise<boolean> {
  const { run, state, error, seq, rest, record, usage } = closing;
  // A copy: where the transaction fails, the caller comes again with the same fold, and it must not have ended yet.
  const folded = copyOf(closing.folded);
  const last = ending(state, error, folded.textState === "open");
  for (const chunk of last) addTo(folded, chunk);
  const chosen = record?.candidates.find((candidate) => candidate.id === record.chosenId);
  return transaction(async (db) => {
    await lockConversation(db, run.conversationId);
    const ended = await endRun(db, run.id, state, error?.code ?? null, closing.silentFor);
    if (!ended) return false;
    await addMessage(db, {
      id: run.messageId,
      conversationId: run.conversationId,
      parentId: run.userMessageId,
      role: "assistant",
      text: folded.text,
      kind: chosen?.kind ?? null,
      candidateId: chosen?.id ?? null,
      parts: partsOf(folded),
      runId: run.id,
    });
    await moveLeaf(db, run.conversationId, run.userMessageId, run.messageId);
    if (record) await addDecision(db, run.id, record);
    if (ended.answerNow) {
      // Asked for while there was no reply yet; now there is one to keep it with.
      const reply = {
        id: run.messageId,
        conversationId: run.conversationId,
        runId: run.id,
        candidateId: chosen?.id ?? null,
      };
      await appendFeedback(db, run.viewerId, reply, "implicit", { action: "answer_now" });
    }
    if (usage.length > 0) await addUsage(db, run.id, usage);
    await writeEvents(db, run.id, seq, [...rest, ...last]);
    return true;
  });
}
