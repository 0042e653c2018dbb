type Message = { id: string; parentId: string | null; role: string; kind: string | null; text: string };
type Said = { kind: string; createdAt: Date };

/** Not before the second reply, and then not again for four more. */
const firstAfter = 2;
const againAfter = 4;

/**
 * Is this the moment to ask "did you reach your goal?": the branch ends in a reply that asks nothing back, enough replies
 * have been given, and the person has not been heard on it lately. `createdAt` of messages comes with their order.
 */
export function isQuietMoment(
  messages: readonly (Message & { createdAt: Date })[],
  leafId: string | null,
  feedback: readonly Said[],
): boolean {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const replies: (Message & { createdAt: Date })[] = [];
  for (let id = leafId, steps = 0; id !== null && steps <= messages.length; steps += 1) {
    const message = byId.get(id);
    if (!message) break;
    if (message.role === "assistant" && message.kind !== null) replies.push(message);
    id = message.parentId;
  }
  const last = replies[0];
  if (!last || last.id !== leafId || last.kind === "ask" || last.kind === "hybrid") return false;
  const asked = feedback.filter((row) => row.kind === "goal").at(-1)?.createdAt;
  if (!asked) return replies.length >= firstAfter;
  return replies.filter((reply) => reply.createdAt > asked).length >= againAfter;
}
