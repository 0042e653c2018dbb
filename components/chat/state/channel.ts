/** Tells the person's other tabs that a conversation changed, so that they look at the server again. */
type Change = { conversationId: string };

const name = "parley";
let channel: BroadcastChannel | null = null;

function open(): BroadcastChannel | null {
  if (typeof BroadcastChannel === "undefined") return null;
  channel ??= new BroadcastChannel(name);
  return channel;
}

export function announceChange(conversationId: string): void {
  open()?.postMessage({ conversationId } satisfies Change);
}

/** Calls back for every change in another tab, and for each time the person comes back to this one. */
export function onChangeElsewhere(listener: (conversationId: string | null) => void): () => void {
  const opened = open();
  const onMessage = (event: MessageEvent<Change>) => listener(event.data.conversationId);
  const onReturn = () => {
    if (document.visibilityState === "visible") listener(null);
  };
  opened?.addEventListener("message", onMessage);
  document.addEventListener("visibilitychange", onReturn);
  window.addEventListener("online", onReturn);
  return () => {
    opened?.removeEventListener("message", onMessage);
    document.removeEventListener("visibilitychange", onReturn);
    window.removeEventListener("online", onReturn);
  };
}
