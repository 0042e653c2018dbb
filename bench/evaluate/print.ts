import type { ChoiceResult, TalkResult } from "./results.ts";
import type { Difference } from "./statistics/paired.ts";

/** Two decimals without the leading zero, as the field prints rates; a dash where there is none. */
export const rate = (value: number | null) => (value === null ? "–" : value.toFixed(2).replace(/^(-?)0\./, "$1."));
const span = (value: number | null, low: number | null, high: number | null) =>
  value === null ? "–" : `${rate(value)} [${rate(low)}, ${rate(high)}]`;

/** Columns as wide as their widest cell; the first two left, the others right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function choiceTable(results: readonly ChoiceResult[]): string {
  const head = [
    "set",
    "policy",
    "n",
    "AUC",
    "balanced",
    "macro-F1",
    "asks clear",
    "asks unclear",
    "ECE",
    "calls",
    "tokens",
    "s",
  ];
  const rows = results.map((one) => [
    one.set,
    one.policy,
    `${one.n}`,
    span(one.auc, one.auc_lo, one.auc_hi),
    span(one.balanced_accuracy, one.balanced_accuracy_lo, one.balanced_accuracy_hi),
    span(one.macro_f1, one.macro_f1_lo, one.macro_f1_hi),
    span(one.ask_rate_clear, one.ask_rate_clear_lo, one.ask_rate_clear_hi),
    span(one.ask_rate_unclear, one.ask_rate_unclear_lo, one.ask_rate_unclear_hi),
    span(one.ece, one.ece_lo, one.ece_hi),
    one.calls.toFixed(1),
    one.tokens.toFixed(0),
    one.seconds.toFixed(1),
  ]);
  return table([head, ...rows]);
}

export function talkTable(results: readonly TalkResult[]): string {
  const head = [
    "set",
    "policy",
    "n",
    "solved",
    "first attempt",
    "turns",
    "tokens",
    "empty questions",
    "early attempts",
    "calls",
    "s",
  ];
  const rows = results.map((one) => [
    one.set,
    one.policy,
    `${one.n}`,
    span(one.solved, one.solved_lo, one.solved_hi),
    span(one.first_attempt, one.first_attempt_lo, one.first_attempt_hi),
    one.turns.toFixed(1),
    one.tokens.toFixed(0),
    one.empty_questions.toFixed(1),
    one.early_attempts.toFixed(1),
    one.calls.toFixed(1),
    one.seconds.toFixed(0),
  ]);
  return table([head, ...rows]);
}

export function differenceLine(what: string, a: string, b: string, difference: Difference): string {
  const { mean, low, high, n } = difference;
  return `${what}: ${a} − ${b} = ${rate(mean)} [${rate(low)}, ${rate(high)}] (paired, n = ${n})`;
}
