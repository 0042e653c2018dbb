import type { FeedbackBody, FeedbackKind } from "../shared/feedback.ts";
import { notFound, Refusal } from "../shared/refusal.ts";
import type { ImplicitBody } from "../shared/routes.ts";
import { database } from "../store/client.ts";
import type { Database } from "../store/database.ts";
import { readCandidateSet } from "../store/decisions.ts";
import { addFeedback } from "../store/feedback.ts";
import { findMessage } from "../store/messages.ts";

/** Rises when the page shows replies or asks for feedback in another way: words given under two interfaces are not alike. */
export const interfaceVersion = "1";

type Reply = NonNullable<Awaited<ReturnType<typeof findMessage>>>;

/** A reply of the viewer's. @throws Refusal 404, 400 for a message of his own */
export async function findReply(viewerId: string, messageId: string): Promise<Reply> {
  const message = await findMessage(viewerId, messageId);
  if (!message) throw notFound("message");
  if (message.role !== "assistant")
    throw new Refusal(400, "not_a_reply", "Only a reply of the assistant can be judged.");
  return message;
}

/** Appends one row: what was said, with everything that could have been shown instead and the policy that chose. */
export async function append(
  db: Database,
  viewerId: string,
  reply: Reply,
  kind: FeedbackKind,
  value: unknown,
): Promise<void> {
  const set = reply.run ? await readCandidateSet(reply.run.id, db) : null;
  const shown = reply.candidateId ?? set?.chosenId ?? null;
  await addFeedback(db, {
    viewerId,
    conversationId: reply.conversationId,
    messageId: reply.id,
    kind,
    value,
    candidates: (set?.candidates ?? []).map(({ posteriorMean, ...rest }) => ({ ...rest, mean: posteriorMean })),
    candidateId: shown,
    policyName: set?.policyName ?? null,
    policyVersion: set?.policyVersion ?? null,
    propensity: set?.candidates.find((candidate) => candidate.id === shown)?.propensity ?? null,
    interfaceVersion,
  });
}

/** What a person says of a reply. @throws Refusal 404, 400 */
export async function giveFeedback(viewerId: string, messageId: string, body: FeedbackBody): Promise<void> {
  const value = body.kind === "text" && body.value?.trim() === "" ? null : body.value;
  await append(database(), viewerId, await findReply(viewerId, messageId), body.kind, value);
}

/** What a person does with a reply. @throws Refusal 404, 400 */
export async function noteImplicit(viewerId: string, messageId: string, body: ImplicitBody): Promise<void> {
  await append(database(), viewerId, await findReply(viewerId, messageId), "implicit", body);
}
