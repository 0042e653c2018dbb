import type { ParleyMessage } from "./state/message.ts";

/** A request and its reply, as they stand in the thread. The key is the request's, so a reply that arrives remounts nothing. */
export type Turn = { key: string; user: ParleyMessage | null; reply: ParleyMessage | null };

export function turnsOf(messages: readonly ParleyMessage[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === "user") turns.push({ key: message.id, user: message, reply: null });
    else if (last !== undefined && last.reply === null) last.reply = message;
    else turns.push({ key: message.id, user: null, reply: message });
  }
  return turns;
}
