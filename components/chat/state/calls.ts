import type { ConversationView } from "@/lib/shared/chat.ts";
import { api, sayWhy } from "./api.ts";
import { announceChange } from "./channel.ts";
import type { SessionState } from "./session-state.ts";
import type { Store } from "./store.ts";
import { newestLeaf } from "./tree.ts";

type Input = {
  store: Store<SessionState>;
  busy: () => boolean;
  /** Shows what the server is known to have. */
  apply: (view: ConversationView) => void;
  refresh: () => Promise<void>;
};

/** What a person can ask of the server beside the stream. A stop or an answer now that failed is said on the page. */
export function createCalls({ store, busy, apply, refresh }: Input) {
  async function stop(): Promise<void> {
    const { runId } = store.get();
    store.set({ stopping: true });
    if (runId !== null) await attempt(() => api.stop(runId), { stopping: false });
  }

  async function answerNow(): Promise<void> {
    const { runId } = store.get();
    if (runId === null) return;
    store.set({ hurrying: true });
    await attempt(() => api.answerNow(runId), { hurrying: false });
  }

  async function attempt(call: () => Promise<unknown>, undo: Partial<SessionState>): Promise<void> {
    try {
      await call();
    } catch (cause) {
      store.set({ ...undo, problem: sayWhy(cause) });
    }
  }

  /** Puts another candidate in the reply's place: a branch beside it. Resolves to why it did not work; null where it did. */
  async function use(messageId: string, candidateId: string): Promise<string | null> {
    try {
      await api.use(messageId, candidateId);
    } catch (cause) {
      return sayWhy(cause);
    }
    await refresh();
    const id = store.get().conversationId;
    if (id !== null) announceChange(id);
    return null;
  }

  /** Shows another branch; the server remembers which, so that a reload shows the same. */
  async function showBranch(messageId: string): Promise<void> {
    const { view, conversationId: id } = store.get();
    if (view === null || id === null || busy()) return;
    const leafId = newestLeaf(view.messages, messageId);
    apply({ ...view, leafId });
    await api.patchConversation(id, { leafId }).catch(() => undefined);
  }

  return { stop, answerNow, use, showBranch };
}
