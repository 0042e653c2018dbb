import type { History, Message } from "../engine/index.ts";
import { asks, type Kind } from "../shared/kinds.ts";

type Text = { id: string; parentId: string | null; role: "user" | "assistant"; text: string; kind: Kind | null };

/** The branch from the root to `leafId`, oldest first. */
export function branchTo(texts: readonly Text[], leafId: string): Text[] {
  const byId = new Map(texts.map((text) => [text.id, text]));
  const branch: Text[] = [];
  for (let id: string | null = leafId; id !== null && branch.length <= texts.length; ) {
    const text = byId.get(id);
    if (!text) break;
    branch.push(text);
    id = text.parentId;
  }
  return branch.reverse();
}

/**
 * The branch as the models read it: replies that never came to a word are left out, and neighbours of one role are joined,
 * because many chat templates insist on taking turns.
 */
export function historyOf(branch: readonly Text[]): History {
  const history: Message[] = [];
  for (const { role, text } of branch) {
    if (text.trim() === "") continue;
    const last = history.at(-1);
    if (last?.role === role) history[history.length - 1] = { role, text: `${last.text}\n\n${text}` };
    else history.push({ role, text });
  }
  return history;
}

/** Among the last six replies at most three may have asked something: an assistant that only asks is no help. */
const recentReplies = 6;
const mostQuestions = 3;

/** Questions that the conversation may still put, ≥ 0. */
export function questionBudgetOf(branch: readonly Text[]): number {
  const replies = branch.filter((text) => text.role === "assistant" && text.kind !== null).slice(-recentReplies);
  return Math.max(0, mostQuestions - replies.filter((reply) => reply.kind !== null && asks(reply.kind)).length);
}
