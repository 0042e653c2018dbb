import type { ConversationSummary } from "../shared/chat.ts";
import { notFound } from "../shared/refusal.ts";
import type { ConversationPatch } from "../shared/routes.ts";
import { changeConversation, findConversation, removeConversation } from "../store/conversations.ts";
import { findMessage } from "../store/messages.ts";
import { findLiveRun, flagRun } from "../store/runs.ts";
import { summaryOf } from "./view.ts";

/** Renames, pins, or turns to another branch. @throws Refusal 404, for a leaf of another conversation too */
export async function patchConversation(
  viewerId: string,
  id: string,
  { title, pinned, leafId }: ConversationPatch,
): Promise<ConversationSummary> {
  if (leafId !== undefined && !(await isLeafOf(viewerId, id, leafId))) throw notFound("message");
  const changes = {
    ...(title === undefined ? {} : { title }),
    ...(pinned === undefined ? {} : { pinned }),
    ...(leafId === undefined ? {} : { leafId }),
  };
  const changed = Object.keys(changes).length === 0 || (await changeConversation(viewerId, id, changes));
  const conversation = changed ? await findConversation(viewerId, id) : null;
  if (!conversation) throw notFound("conversation");
  return summaryOf(conversation);
}

async function isLeafOf(viewerId: string, conversationId: string, leafId: string): Promise<boolean> {
  const message = await findMessage(viewerId, leafId);
  if (message) return message.conversationId === conversationId;
  // The reply that is just being made has an id, but no row yet.
  return (await findLiveRun(viewerId, conversationId))?.messageId === leafId;
}

/** Deletes a conversation with everything made of it; a run that is live is stopped first. @throws Refusal 404 */
export async function deleteConversation(viewerId: string, id: string): Promise<void> {
  const live = await findLiveRun(viewerId, id);
  if (live) await flagRun(live.id, "stopRequested");
  if (!(await removeConversation(viewerId, id))) throw notFound("conversation");
}
