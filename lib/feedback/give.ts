import type { FeedbackBody } from "../shared/feedback.ts";
import { notFound, Refusal } from "../shared/refusal.ts";
import type { ImplicitBody } from "../shared/routes.ts";
import { database } from "../store/client.ts";
import { appendFeedback } from "../store/feedback.ts";
import { findMessage } from "../store/messages.ts";

type Reply = NonNullable<Awaited<ReturnType<typeof findMessage>>>;

/** A reply of the viewer's. @throws Refusal 404, 400 for a message of his own */
export async function findReply(viewerId: string, messageId: string): Promise<Reply> {
  const message = await findMessage(viewerId, messageId);
  if (!message) throw notFound("message");
  if (message.role !== "assistant")
    throw new Refusal(400, "not_a_reply", "Only a reply of the assistant can be judged.");
  return message;
}

/** What a person says of a reply. @throws Refusal 404, 400 */
export async function giveFeedback(viewerId: string, messageId: string, body: FeedbackBody): Promise<void> {
  const value = body.kind === "text" && body.value?.trim() === "" ? null : body.value;
  await appendFeedback(database(), viewerId, await findReply(viewerId, messageId), body.kind, value);
}

/** What a person does with a reply. @throws Refusal 404, 400 */
export async function noteImplicit(viewerId: string, messageId: string, body: ImplicitBody): Promise<void> {
  await appendFeedback(database(), viewerId, await findReply(viewerId, messageId), "implicit", body);
}
