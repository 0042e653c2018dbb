import type { ConversationSummary } from "@/lib/shared/chat.ts";
import { api, sayWhy } from "./api.ts";
import { announceEverywhere } from "./channel.ts";
import { createStore } from "./store.ts";

/** How long a deleted conversation can be brought back, in milliseconds. Until then nothing was deleted at all. */
export const undoMs = 7_000;

export type Conversations = ReturnType<typeof createConversations>;

/** The list in the sidebar. Changes show at once and are taken back when the server refuses them. */
export function createConversations() {
  const store = createStore<{
    list: ConversationSummary[] | null;
    /** Why the list could not be fetched; the next one that comes ends it. */
    problem: string | null;
    /** Why something a person did was refused; the next thing they do ends it. */
    refused: string | null;
    deleted: ConversationSummary | null;
  }>({ list: null, problem: null, refused: null, deleted: null });
  let deletion: ReturnType<typeof setTimeout> | null = null;
  let changing = 0;

  async function fetchList(): Promise<ConversationSummary[]> {
    const list = await api.conversations();
    return list.filter((each) => each.id !== store.get().deleted?.id);
  }

  async function refresh(): Promise<void> {
    try {
      store.set({ list: await fetchList(), problem: null });
    } catch (cause) {
      store.set({ problem: sayWhy(cause) });
    }
  }

  /** A look that nobody asked for: what has not changed is not drawn again, a failure is not worth a word, and success ends one. */
  async function look(): Promise<readonly ConversationSummary[]> {
    const before = store.get().list;
    const list = await fetchList().catch(() => null);
    if (list === null || changing > 0 || store.get().list !== before) return [];
    const changed = JSON.stringify(list) !== JSON.stringify(before);
    if (changed || store.get().problem !== null) store.set({ list: changed ? list : before, problem: null });
    return list;
  }

  async function change(id: string, what: { title?: string; pinned?: boolean }): Promise<void> {
    const before = store.get().list;
    store.set({
      list: before?.map((each) => (each.id === id ? { ...each, ...what } : each)) ?? null,
      refused: null,
    });
    changing += 1;
    try {
      await api.patchConversation(id, what);
      announceEverywhere(id);
    } catch (cause) {
      store.set({ list: before, refused: sayWhy(cause) });
    } finally {
      changing -= 1;
    }
  }

  /** The way back stays open as long as somebody is at it; when they leave it its time begins anew. */
  function hold(held: boolean): void {
    if (deletion !== null) clearTimeout(deletion);
    deletion = held || store.get().deleted === null ? null : setTimeout(() => void commitDeletion(), undoMs);
  }

  function remove(id: string): void {
    void commitDeletion();
    const conversation = store.get().list?.find((each) => each.id === id);
    if (conversation === undefined) return;
    store.set({
      deleted: conversation,
      list: store.get().list?.filter((each) => each.id !== id) ?? null,
      refused: null,
    });
    hold(false);
  }

  function undo(): void {
    store.set({ deleted: null });
    hold(false);
    void refresh();
  }

  /** Also called when the page goes away, so that a deletion that was not taken back happens. */
  async function commitDeletion(): Promise<void> {
    const { deleted } = store.get();
    if (deleted === null) return;
    store.set({ deleted: null });
    hold(false);
    try {
      await api.deleteConversation(deleted.id);
      announceEverywhere(deleted.id);
    } catch (cause) {
      store.set({ refused: sayWhy(cause) });
      void refresh();
    }
  }

  return { store, refresh, look, change, remove, hold, undo, commitDeletion };
}
