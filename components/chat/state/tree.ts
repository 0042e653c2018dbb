import type { ConversationView, MessageView } from "@/lib/shared/chat.ts";

/** Messages from the root to `leafId`; empty when the leaf is unknown. A broken or circular chain ends where it breaks. */
export function pathTo(messages: readonly MessageView[], leafId: string | null): MessageView[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: MessageView[] = [];
  const seen = new Set<string>();
  let current = leafId === null ? undefined : byId.get(leafId);
  while (current !== undefined && !seen.has(current.id)) {
    seen.add(current.id);
    path.unshift(current);
    current = current.parentId === null ? undefined : byId.get(current.parentId);
  }
  return path;
}

/** The end of the branch that is shown. */
export function shownLeaf({ leafId, messages }: ConversationView): string | null {
  return leafId ?? byAge(messages).at(-1)?.id ?? null;
}

/** The leaf one arrives at from `id` by always taking the newest child. */
export function newestLeaf(messages: readonly MessageView[], id: string): string {
  let leaf = id;
  for (let steps = 0; steps < messages.length; steps += 1) {
    const child = byAge(messages.filter((message) => message.parentId === leaf)).at(-1);
    if (child === undefined) return leaf;
    leaf = child.id;
  }
  return leaf;
}

/** Branches beside a message, oldest first, itself included (also while the server does not know it yet). */
export function siblingsOf(
  messages: readonly MessageView[],
  id: string,
  parentId: string | null,
  role: MessageView["role"],
): string[] {
  const known = byAge(messages.filter((message) => message.parentId === parentId && message.role === role)).map(
    (message) => message.id,
  );
  return known.includes(id) ? known : [...known, id];
}

function byAge(messages: readonly MessageView[]): MessageView[] {
  return [...messages].sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
}
