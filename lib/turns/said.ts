import type { MessageView } from "../shared/chat.ts";

type Row = { messageId: string; kind: string; value: unknown };
export type Said = MessageView["feedback"];

export const noFeedback: Said = { thumb: null, reasons: [], text: null };

/** What holds of everything that was said, by message: the last row of a kind, nothing where that took it back. Rows come oldest first. */
export function foldFeedback(rows: readonly Row[]): Map<string, Said> {
  const said = new Map<string, Said>();
  for (const { messageId, kind, value } of rows) {
    const before = said.get(messageId) ?? noFeedback;
    if (kind === "thumb") said.set(messageId, { ...before, thumb: value === "up" || value === "down" ? value : null });
    if (kind === "reason") said.set(messageId, { ...before, reasons: Array.isArray(value) ? value.map(String) : [] });
    if (kind === "text") said.set(messageId, { ...before, text: typeof value === "string" ? value : null });
  }
  return said;
}
