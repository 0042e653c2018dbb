import type { ConversationSummary } from "../shared/chat.ts";
import { findConversations } from "../store/conversations.ts";
import { summaryOf } from "./view.ts";

/** The viewer's conversations that have every word in their title, or in one message; pinned ones first, then newest first. */
export async function searchConversations(viewerId: string, words: readonly string[]): Promise<ConversationSummary[]> {
  const found = await findConversations(viewerId, words);
  return found.map(({ text, ...row }) => ({ ...summaryOf(row), excerpt: excerptOf(text, words) }));
}

const before = 30;
const longest = 140;

/** The words of a message round the first that was searched for, on one line; null without a message. */
export function excerptOf(text: string | null, words: readonly string[]): string | null {
  if (text === null) return null;
  const plain = text.replace(/\s+/gu, " ").trim();
  const lower = plain.toLowerCase();
  const first = Math.min(...words.map((word) => lower.indexOf(word)).filter((at) => at >= 0), plain.length);
  const space = plain.indexOf(" ", first - before);
  // At a word, where there are words: not every script has spaces.
  const from = first <= before ? 0 : space >= 0 && space < first ? space + 1 : first - before;
  const cut = plain.slice(from, from + longest).toWellFormed();
  return `${from > 0 ? "…" : ""}${cut}${from + longest < plain.length ? "…" : ""}`;
}
