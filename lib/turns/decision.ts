import type { DecisionView } from "../shared/record.ts";
import { Refusal } from "../shared/refusal.ts";
import { readDecision } from "../store/decisions.ts";
import { findMessage } from "../store/messages.ts";

const undecided = "This reply was stopped or broke off before its turn was over, so there is no record of a choice.";

/** The decision record of a reply, for its owner. @throws Refusal 404 also where the run left no record (stopped, failed) */
export async function viewDecision(viewerId: string, messageId: string): Promise<DecisionView> {
  const message = await findMessage(viewerId, messageId);
  const decision = message?.run ? await readDecision(message.run.id) : null;
  if (message?.run && !decision) throw new Refusal(404, "no_decision", undecided);
  if (!message?.run || !decision) {
    throw new Refusal(404, "not_found", "There is no explanation for this reply.");
  }
  return {
    messageId,
    conversationId: message.conversationId,
    userMessageId: message.run.userMessageId,
    runId: message.run.id,
    createdAt: decision.createdAt.toISOString(),
    shownId: message.candidateId ?? decision.record.chosenId,
    decision: decision.record,
  };
}
