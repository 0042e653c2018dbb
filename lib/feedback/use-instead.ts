import { v7 } from "uuid";
import { chosenPartOf, quickRepliesOf } from "../shared/decision-part.ts";
import type { DecisionPart } from "../shared/events.ts";
import { notFound, Refusal, runLive } from "../shared/refusal.ts";
import type { UseAnswer } from "../shared/routes.ts";
import { takenSentence } from "../shared/sentence.ts";
import { touchConversation } from "../store/conversations.ts";
import { transaction } from "../store/database.ts";
import { readDecision } from "../store/decisions.ts";
import { appendFeedback } from "../store/feedback.ts";
import { addMessage, findShowing } from "../store/messages.ts";
import { findLiveRun } from "../store/runs.ts";
import { findReply } from "./give.ts";

type Part = { type: string; data?: unknown; [field: string]: unknown };

/**
 * "Use this one instead": a sibling branch with that candidate as the reply, and a preference record on the reply it
 * replaces. Where a branch shows that candidate already, the first reply's own included, it is turned to and nothing is copied.
 * @throws Refusal 404 (message or candidate), 409 `already_shown`, 409 `run_live`
 */
export async function useInstead(viewerId: string, messageId: string, candidateId: string): Promise<UseAnswer> {
  const reply = await findReply(viewerId, messageId);
  const { run } = reply;
  const record = run ? (await readDecision(run.id))?.record : undefined;
  const candidate = record?.candidates.find((other) => other.id === candidateId);
  if (!run || !record || !candidate) throw notFound("reply to use instead");
  const shown = reply.candidateId ?? record.chosenId;
  if (candidateId === shown) throw new Refusal(409, "already_shown", "This is the reply that is shown already.");

  const { conversationId } = reply;
  const copy = v7();
  const showing = await transaction(async (db) => {
    // Held from here: of two taps at once the second finds what the first has made.
    if (!(await touchConversation(db, conversationId, copy))) throw notFound("conversation");
    // Nor would a turn that runs be shown when it ends: it has the branch only where nobody has turned to another.
    const live = await findLiveRun(viewerId, conversationId, db);
    if (live) throw runLive(live.id);
    const before = await findShowing(db, run.id, candidateId);
    if (before) await touchConversation(db, conversationId, before.id);
    else {
      const parts = (reply.parts as Part[]).map((part) => {
        if (part.type === "text") return { ...part, text: candidate.text };
        return part.type === "data-decision" ? { ...part, data: swapped(part.data as DecisionPart) } : part;
      });
      await addMessage(db, {
        id: copy,
        conversationId,
        parentId: reply.parentId,
        role: "assistant",
        text: candidate.text,
        kind: candidate.kind,
        candidateId,
        insteadOfId: reply.id,
        parts,
        runId: run.id,
      });
    }
    const id = before?.id ?? copy;
    await appendFeedback(db, viewerId, reply, "swap", { from: shown, to: candidateId, messageId: id });
    return id;
  });
  return { messageId: showing, conversationId };

  function swapped(part: DecisionPart): DecisionPart {
    if (!record || !candidate) return part;
    return {
      ...part,
      chosen: chosenPartOf(candidate),
      candidates: part.candidates.map((other) => ({ ...other, chosen: other.id === candidate.id })),
      contrast: null,
      quickReplies: quickRepliesOf({ ...record, chosenId: candidate.id }),
      sentence: takenSentence,
    };
  }
}
