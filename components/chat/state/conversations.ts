import type { ConversationSummary } from "@/lib/shared/chat.ts";
import { api, sayWhy } from "./api.ts";
import { createStore } from "./store.ts";

/** How long a deleted conversation can be brought back, in milliseconds. Until then nothing was deleted at all. */
export const undoMs = 7_000;

export type Conversations = ReturnType<typeof createConversations>;

/** The list in the sidebar. Changes show at once and are taken back when the server refuses them. */
export function createConversations() {
  const store = createStore<{
    list: ConversationSummary[] | null;
    problem: string | null;
    deleted: ConversationSummary | null;
  }>({ list: null, problem: null, deleted: null });
  let deletion: ReturnType<typeof setTimeout> | null = null;

  async function refresh(): Promise<void> {
    try {
      const list = await api.conversations();
      const hidden = store.get().deleted?.id;
      store.set({ list: list.filter((each) => each.id !== hidden), problem: null });
    } catch (cause) {
      store.set({ problem: sayWhy(cause) });
    }
  }

  async function change(id: string, what: { title?: string; pinned?: boolean }): Promise<void> {
    const before = store.get().list;
    store.set({ list: before?.map((each) => (each.id === id ? { ...each, ...what } : each)) ?? null });
    try {
      await api.patchConversation(id, what);
    } catch (cause) {
      store.set({ list: before, problem: sayWhy(cause) });
    }
  }

  function remove(id: string): void {
    void commitDeletion();
    const conversation = store.get().list?.find((each) => each.id === id);
    if (conversation === undefined) return;
    store.set({ deleted: conversation, list: store.get().list?.filter((each) => each.id !== id) ?? null });
    deletion = setTimeout(() => void commitDeletion(), undoMs);
  }

  function undo(): void {
    if (deletion !== null) clearTimeout(deletion);
    deletion = null;
    store.set({ deleted: null });
    void refresh();
  }

  /** Also called when the page goes away, so that a deletion that was not taken back happens. */
  async function commitDeletion(): Promise<void> {
    const { deleted } = store.get();
    if (deletion !== null) clearTimeout(deletion);
    deletion = null;
    if (deleted === null) return;
    store.set({ deleted: null });
    try {
      await api.deleteConversation(deleted.id);
    } catch (cause) {
      store.set({ problem: sayWhy(cause) });
      void refresh();
    }
  }

  return { store, refresh, change, remove, undo, commitDeletion };
}
