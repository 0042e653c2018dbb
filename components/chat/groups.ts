import type { ConversationSummary } from "@/lib/shared/chat.ts";
import { searchWords } from "@/lib/shared/search.ts";

export type Group = { name: string; conversations: ConversationSummary[] };

/** Pinned first, then by how long ago: names people use, empty groups left out. `now` and times are in milliseconds. */
export function groupsOf(list: readonly ConversationSummary[], now: number): Group[] {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const day = 86_400_000;
  const nameOf = (conversation: ConversationSummary): string => {
    if (conversation.pinned) return "Pinned";
    const at = Date.parse(conversation.updatedAt);
    if (at >= today) return "Today";
    if (at >= today - day) return "Yesterday";
    return at >= today - 7 * day ? "Last seven days" : "Earlier";
  };
  return ["Pinned", "Today", "Yesterday", "Last seven days", "Earlier"]
    .map((name) => ({ name, conversations: list.filter((each) => nameOf(each) === name) }))
    .filter((group) => group.conversations.length > 0);
}

/** Every word of the search stands in the title, in any order and case. */
export function matches(conversation: ConversationSummary, search: string): boolean {
  const title = conversation.title.toLowerCase();
  return searchWords(search).every((word) => title.includes(word));
}

/** What to list for a search: what its titles say at once, and what the server found, which knows the texts. */
export function searched(
  list: readonly ConversationSummary[],
  found: readonly ConversationSummary[],
  search: string,
): ConversationSummary[] {
  const byTitle = list.filter((each) => matches(each, search));
  const titles = new Set(byTitle.map((each) => each.id));
  const current = new Map(list.map((each) => [each.id, each]));
  const byText = found.filter((each) => !titles.has(each.id)).map((each) => ({ ...each, ...current.get(each.id) }));
  return [...byTitle, ...byText].sort((one, other) => other.updatedAt.localeCompare(one.updatedAt));
}
