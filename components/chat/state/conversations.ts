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
    /** What the server last found, in texts too; it stands until the answer to the next words. Null while nothing is searched for. */
    found: { words: string; list: ConversationSummary[]; problem?: string } | null;
  }>({ list: null, problem: null, refused: null, deleted: null, found: null });
  let searches = 0;
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
    const { problem, found } = store.get();
    if (changed || problem !== null) store.set({ list: changed ? list : before, problem: null });
    if (found !== null && (changed || found.problem !== undefined)) void search(found.words);
    return list;
  }

  /** Asks for what has these words; "" ends the search. Of several answers the one to the last words counts. */
  async function search(words: string): Promise<void> {
    searches += 1;
    const mine = searches;
    if (words === "") return store.set({ found: null });
    try {
      const list = (await api.search(words)).filter((each) => each.id !== store.get().deleted?.id);
      if (mine === searches) store.set({ found: { words, list } });
    } catch (cause) {
      // What was found for other words must not stand for these.
      if (mine === searches) store.set({ found: { words, list: [], problem: sayWhy(cause) } });
    }
  }

  const known = (id: string): ConversationSummary | undefined => {
    const { list, found } = store.get();
    return [...(list ?? []), ...(found?.list ?? [])].find((each) => each.id === id);
  };

  /** The list and what was found, with `what` changed of a conversation, or without it (null). */
  function withChange(id: string, what: Partial<ConversationSummary> | null) {
    const { list, found } = store.get();
    const changedIn = (all: readonly ConversationSummary[]) =>
      all.flatMap((each) => (each.id !== id ? each : what === null ? [] : { ...each, ...what }));
    return { list: list && changedIn(list), found: found && { ...found, list: changedIn(found.list) } };
  }

  async function change(id: string, what: { title?: string; pinned?: boolean }): Promise<void> {
    const before = known(id);
    store.set({ ...withChange(id, what), refused: null });
    changing += 1;
    try {
      await api.patchConversation(id, what);
      announceEverywhere(id);
    } catch (cause) {
      const back = before && { title: before.title, pinned: before.pinned };
      store.set({ ...(back && withChange(id, back)), refused: sayWhy(cause) });
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
    const conversation = known(id);
    if (conversation === undefined) return;
    store.set({ ...withChange(id, null), deleted: conversation, refused: null });
    hold(false);
  }

  function undo(): void {
    store.set({ deleted: null });
    hold(false);
    again();
  }

  /** The list anew, and what is searched for. */
  function again(): void {
    void refresh();
    const { found } = store.get();
    if (found !== null) void search(found.words);
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
      again();
    }
  }

  return { store, refresh, again, look, search, change, remove, hold, undo, commitDeletion };
}
