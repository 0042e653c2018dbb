import type { Chat } from "@ai-sdk/react";
import type { MessageView } from "@/lib/shared/chat.ts";
import { leftUnsent, moveDraft, readDraft, takeBackAll, takeBackEdit, takeBackUnsent } from "./drafts.ts";
import type { ParleyMessage } from "./message.ts";
import type { SessionState } from "./session-state.ts";
import type { Store } from "./store.ts";

/** What becomes of words of one session that were not sent: none of them is lost, and none stands in two places. */
export function createWords(
  conversationId: string | null,
  store: Store<SessionState>,
  chat: Pick<Chat<ParleyMessage>, "messages" | "clearError">,
) {
  // Unsent when an earlier page of ours was left: words to go on from, once it is known which of them arrived after all.
  let left = leftUnsent(conversationId);
  if (conversationId === null) takeBackLeft([]);

  function takeBackLeft(known: readonly MessageView[]): void {
    const draft = takeBackAll(store.get().conversationId, left, new Set(known.map((message) => message.id)));
    left = [];
    if (draft !== null) store.set({ given: { text: draft } });
  }

  /** Gives the message up. @returns the draft that its words are now; null where they are an edit, open again in its place */
  function takeBack(): string | null {
    const { unsent } = store.get();
    if (unsent?.editOf === undefined || !chat.messages.some((message) => message.id === unsent.editOf))
      return toDraft();
    takeBackEdit(store.get().conversationId, unsent, unsent.editOf);
    store.set({ unsent: null, reopened: unsent.editOf });
    chat.clearError();
    return null;
  }

  function toDraft(): string {
    const { unsent, conversationId } = store.get();
    store.set({ unsent: null });
    chat.clearError();
    return unsent === null ? readDraft(conversationId) : takeBackUnsent(conversationId, unsent);
  }

  /** The edit of this message that was open again is over: sent under another id, or given up. */
  function letGo(messageId: string): void {
    if (store.get().reopened === messageId) store.set({ reopened: null });
  }

  /** Of a conversation that is gone: what was not sent, and what stands in the field, are the draft of a new one. */
  function moveOn(): void {
    takeBackLeft([]);
    if (store.get().unsent !== null) toDraft();
    moveDraft(store.get().conversationId, null);
  }

  return { takeBackLeft, takeBack, letGo, moveOn };
}
