import type { ChatMessage } from "./chat.ts";
import { ModelError } from "./errors.ts";
import { estimateTokens } from "./log.ts";

/** A chat template's tokens around one message. */
export const frameTokens = 8;
const costOf = (message: ChatMessage): number => estimateTokens(message.content) + frameTokens;

export interface Fitted {
  messages: ChatMessage[];
  /** How many of the oldest messages were left out; 0 is usual. The record says so. */
  trimmed: number;
}

/**
 * The newest messages that fit into `budget` tokens (estimated upwards), oldest left out first and whole, never
 * beginning with an assistant's message. Throws ModelError `message_too_long` where the last message alone does not fit.
 */
export function trimToFit(history: readonly ChatMessage[], budget: number): Fitted {
  const last = history.at(-1);
  if (last && costOf(last) > budget)
    throw new ModelError(
      "message_too_long",
      `This message is too long for the model: about ${costOf(last)} tokens, and ${Math.max(0, Math.floor(budget))} fit.`,
    );
  let room = budget;
  let from = history.length;
  while (from > 0) {
    const message = history[from - 1];
    if (!message || costOf(message) > room) break;
    room -= costOf(message);
    from -= 1;
  }
  while (from > 0 && from < history.length - 1 && history[from]?.role === "assistant") from += 1;
  return { messages: history.slice(from), trimmed: from };
}
