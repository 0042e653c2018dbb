/** Tells the person's tabs that a conversation changed, so that they look at the server again; or that everything was deleted. */
type Change = { conversationId: string } | { everythingDeleted: true };

const name = "parley";
let channel: BroadcastChannel | null = null;

function open(): BroadcastChannel | null {
  if (typeof BroadcastChannel === "undefined") return null;
  channel ??= new BroadcastChannel(name);
  return channel;
}

/** To the other tabs. */
export function announceChange(conversationId: string): void {
  open()?.postMessage({ conversationId } satisfies Change);
}

const here = new Set<(conversationId: string) => void>();

/** To the other tabs, and to this one: the change was made beside what shows the conversation. */
export function announceEverywhere(conversationId: string): void {
  announceChange(conversationId);
  for (const listener of here) listener(conversationId);
}

/** Calls back for every change that is announced to this tab, and for each time the person comes back to it. */
export function onChangeElsewhere(listener: (conversationId: string | null) => void): () => void {
  const opened = open();
  const onMessage = ({ data }: MessageEvent<Change>) => {
    if ("conversationId" in data) listener(data.conversationId);
  };
  const onReturn = () => {
    if (document.visibilityState === "visible") listener(null);
  };
  here.add(listener);
  opened?.addEventListener("message", onMessage);
  document.addEventListener("visibilitychange", onReturn);
  window.addEventListener("online", onReturn);
  return () => {
    here.delete(listener);
    opened?.removeEventListener("message", onMessage);
    document.removeEventListener("visibilitychange", onReturn);
    window.removeEventListener("online", onReturn);
  };
}

/** To the other tabs: nothing is left that they show. */
export function announceDeletion(): void {
  open()?.postMessage({ everythingDeleted: true } satisfies Change);
}

export function onDeletionElsewhere(listener: () => void): () => void {
  const opened = open();
  const onMessage = ({ data }: MessageEvent<Change>) => {
    if ("everythingDeleted" in data) listener();
  };
  opened?.addEventListener("message", onMessage);
  return () => opened?.removeEventListener("message", onMessage);
}
