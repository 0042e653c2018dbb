import type { ConversationSummary } from "../shared/chat.ts";
import { searchWords } from "../shared/search.ts";
import { findConversations } from "../store/conversations.ts";
import { summaryOf } from "./view.ts";

/** The viewer's conversations that have every word in their title, or in one message; pinned ones first, then newest first. */
export async function searchConversations(viewerId: string, search: string): Promise<ConversationSummary[]> {
  const words = searchWords(search);
  const found = await findConversations(viewerId, words);
  return found.map(({ messages, ...row }) => ({ ...summaryOf(row), excerpt: excerptOf(messages[0]?.text, words) }));
}

const before = 30;
const longest = 140;

/** The words of a message round the first that was searched for, on one line; null without a message. */
export function excerptOf(text: string | undefined, words: readonly string[]): string | null {
  if (text === undefined) return null;
  const plain = text.replace(/\s+/gu, " ").trim();
  const lower = plain.toLowerCase();
  const first = Math.min(...words.map((word) => lower.indexOf(word)).filter((at) => at >= 0), plain.length);
  const space = plain.indexOf(" ", first - before);
  // At a word, where there are words: not every script has spaces.
  const from = first <= before ? 0 : space >= 0 && space < first ? space + 1 : first - before;
  const cut = plain.slice(from, from + longest).toWellFormed();
  return `${from > 0 ? "…" : ""}${cut}${from + longest < plain.length ? "…" : ""}`;
}
