import { Chat } from "@ai-sdk/react";
import type { ConversationView } from "@/lib/shared/chat.ts";
import { api, type Failure, isFailure, networkFailure, sayWhy } from "./api.ts";
import { createCalls } from "./calls.ts";
import { announceChange } from "./channel.ts";
import { clearUnsent, moveDraft, setUnsent } from "./drafts.ts";
import { newId, type ParleyMessage, runOf, toMessage } from "./message.ts";
import { isBusy, type Outgoing, stateOf } from "./session-state.ts";
import { createStore } from "./store.ts";
import { type Action, createTransport } from "./transport.ts";
import { pathTo, shownLeaf } from "./tree.ts";
import { createWords } from "./words.ts";

/** One conversation as this page knows it: what the server said last, the turn that streams, and what can be done. */
export function createSession(conversationId: string | null, onNamed: (session: Session, id: string) => void) {
  const store = createStore(stateOf(conversationId));
  let lastRun: string | null = null;
  /** On its way until its run has a name; `before` is the thread it goes back to if it never gets there. */
  let pending: (Outgoing & { before: ParleyMessage[] }) | null = null;

  const chat = new Chat<ParleyMessage>({
    id: newId(),
    generateId: newId,
    transport: createTransport({
      conversationId: () => store.get().conversationId,
      liveRun: () => store.get().view?.liveRun?.runId ?? null,
      onConnection: (connection) => {
        if (store.get().connection !== connection) store.set({ connection });
      },
      onRun: (run) => {
        lastRun = run.runId;
        const first = store.get().conversationId === null;
        // From here on the server has this message: only now may our copy go. Of another's run we have none.
        clearUnsent(store.get().conversationId, run.userMessageId);
        if (first) moveDraft(null, run.conversationId);
        if (pending?.id === run.userMessageId) pending = null;
        store.set({ runId: run.runId, conversationId: run.conversationId });
        if (first) onNamed(session, run.conversationId);
        announceChange(run.conversationId);
        if (store.get().stopping) void calls.stop();
      },
      onRefused: (failure) => {
        refused(failure);
      },
    }),
    onFinish: () => {
      // The stream broke before it named a run, so what stands under the message is no reply of the server's.
      refused(networkFailure());
      store.set({ runId: null, following: false, stopping: false, hurrying: false, connection: "ok" });
      const id = store.get().conversationId;
      if (id !== null) announceChange(id);
      void refresh();
    },
  });

  const words = createWords(conversationId, store, chat);
  const busy = () => isBusy(chat.status, store.get());

  function refused(failure: Failure): void {
    if (pending === null) return;
    const { before, ...message } = pending;
    pending = null;
    chat.messages = before;
    store.set({ unsent: { ...message, why: failure.message }, stopping: false });
  }

  async function deliver(message: Outgoing): Promise<void> {
    const { id, text } = message;
    pending = { ...message, before: chat.messages };
    setUnsent(store.get().conversationId, message);
    store.set({ unsent: null, problem: null });
    if (message.parentId !== undefined) cutAfter(message.parentId);
    const parentId = message.parentId === undefined ? end() : message.parentId;
    const action: Action = { do: "send", id, text, parentId };
    const metadata = { createdAt: new Date().toISOString(), ...(parentId === undefined ? {} : { parentId }) };
    await chat.sendMessage({ id, role: "user", metadata, parts: [{ type: "text", text }] }, { body: action });
  }

  /** What a new message answers. Only the server knows, and finds it, while a conversation has not come yet. */
  function end(): string | null | undefined {
    return chat.lastMessage?.id ?? (store.get().conversationId === null ? null : undefined);
  }

  /** Nothing goes out beside a turn, or beside a message that is not sent: its place is taken until it is settled. */
  const blocked = () => busy() || store.get().unsent !== null;

  /** Sends a new message at the end of the branch that is shown. @returns null where nothing can be sent now */
  function send(text: string): Promise<void> | null {
    return blocked() ? null : deliver({ id: newId(), text });
  }

  /** Sends the message that could not be sent, under the id it had: the server never makes two of one. */
  async function retry(): Promise<void> {
    const { unsent } = store.get();
    if (unsent === null || busy()) return;
    const { why: _, ...message } = unsent;
    await deliver(message);
  }

  /** A user's message said again in other words: a branch beside the old one. @returns null where nothing can be sent now */
  function edit(messageId: string, text: string): Promise<void> | null {
    const message = chat.messages.find((each) => each.id === messageId);
    const parentId = message?.metadata?.parentId;
    // Without a known parent its place is not known yet either: the conversation is still to come.
    if (parentId === undefined || blocked()) return null;
    const sending = deliver({ id: newId(), text, parentId, editOf: messageId });
    words.letGo(messageId);
    return sending;
  }

  function cutAfter(parentId: string | null): void {
    if (parentId === null) chat.messages = [];
    const index = chat.messages.findIndex((message) => message.id === parentId);
    if (index >= 0) chat.messages = chat.messages.slice(0, index + 1);
  }

  /** A new run for the same request: again (a branch beside the reply), or onwards from where a turn was cut. */
  async function rerun(what: "regenerate" | "resume", messageId: string): Promise<void> {
    if (busy()) return;
    const message = chat.messages.find((each) => each.id === messageId);
    if (message === undefined) return;
    const runId = runOf(message);
    // What has no run, a request that was never answered, cannot go on: it is answered anew.
    const action: Action = what === "resume" && runId !== null ? { do: what, runId } : { do: "regenerate", messageId };
    store.set({ problem: null });
    const [before, runBefore] = [chat.messages, lastRun];
    await chat.regenerate({ messageId, body: action });
    if (lastRun !== runBefore) return;
    // Nothing began: what was there stays there.
    chat.messages = before;
    store.set({ problem: sayWhy(chat.error ?? networkFailure()) });
    chat.clearError();
  }

  function apply(view: ConversationView): void {
    store.set({ view, loading: "no", why: null, gone: false });
    words.takeBackLeft(view.messages);
    const { unsent } = store.get();
    if (unsent !== null && view.messages.some((message) => message.id === unsent.id)) {
      // It got there after all; only the answer to it was lost.
      clearUnsent(view.id, unsent.id);
      store.set({ unsent: null });
    }
    if (busy()) {
      putAbove(view);
      return;
    }
    const leaf = shownLeaf(view);
    const live = view.liveRun;
    if (live !== null && live.runId !== lastRun) {
      // The reply that is being written comes from its stream alone, so it is never there twice.
      const path = pathTo(view.messages, live.userMessageId).filter((message) => message.id !== live.messageId);
      chat.messages = path.map(toMessage);
      lastRun = live.runId;
      store.set({ following: true, runId: live.runId });
      void chat.resumeStream().finally(() => store.set({ following: false }));
      return;
    }
    const messages = pathTo(view.messages, leaf).map(toMessage);
    if (live === null || messages.length >= chat.messages.length) chat.messages = messages;
    // The stream has ended a moment before the run's own record of it: look again.
    if (live !== null) setTimeout(() => void refresh(), 1_000);
  }

  /** Words that went out before their conversation had come: what they go on from is put above them. */
  function putAbove(view: ConversationView): void {
    const [first, ...rest] = chat.messages;
    if (first === undefined || first.metadata?.parentId !== undefined) return;
    const known = view.messages.find((message) => message.id === first.id);
    const above = pathTo(view.messages, known === undefined ? shownLeaf(view) : known.parentId).map(toMessage);
    if (pending !== null) pending = { ...pending, before: above };
    const metadata = { ...first.metadata, parentId: above.at(-1)?.id ?? null };
    chat.messages = [...above, { ...first, metadata }, ...rest];
  }

  async function refresh(): Promise<void> {
    const id = store.get().conversationId;
    if (id === null) return;
    try {
      const view = await api.conversation(id);
      if (store.get().conversationId === id) apply(view);
    } catch (cause) {
      const missing = isFailure(cause) && cause.name === "ApiError" && cause.status === 404;
      if (store.get().view !== null || chat.messages.length > 0 || store.get().unsent !== null) {
        if (missing) store.set({ gone: true });
        return;
      }
      // The page of a conversation that is no more has no field to find the words in.
      if (missing) words.moveOn();
      store.set({ loading: missing ? "missing" : "failed", why: sayWhy(cause) });
    }
  }

  const calls = createCalls({ store, busy, apply, refresh });
  const session = {
    ...calls,
    takeBack: words.takeBack,
    letGo: words.letGo,
    moveOn: words.moveOn,
    key: chat.id,
    chat,
    store,
    busy,
    send,
    retry,
    edit,
    rerun,
    refresh,
  };
  return session;
}

export type Session = ReturnType<typeof createSession>;
