import type { ChoiceCase, TalkCase } from "./cases.ts";
import { auc } from "./statistics/auc.ts";
import { bootstrap, type Interval } from "./statistics/bootstrap.ts";
import { type Bin, calibrationError, reliability } from "./statistics/calibration.ts";
import { askRateClear, askRateUnclear, balancedAccuracy, type Decided, macroF1 } from "./statistics/decisions.ts";

/** One line of the results of kind 1, with the names that the JSON has. Rates in [0,1]; tokens, calls and seconds a turn. */
export type ChoiceResult = {
  set: string;
  policy: string;
  n: number;
  auc: number | null;
  auc_lo: number | null;
  auc_hi: number | null;
  balanced_accuracy: number | null;
  balanced_accuracy_lo: number | null;
  balanced_accuracy_hi: number | null;
  macro_f1: number | null;
  macro_f1_lo: number | null;
  macro_f1_hi: number | null;
  ask_rate_clear: number | null;
  ask_rate_clear_lo: number | null;
  ask_rate_clear_hi: number | null;
  ask_rate_unclear: number | null;
  ask_rate_unclear_lo: number | null;
  ask_rate_unclear_hi: number | null;
  ece: number | null;
  ece_lo: number | null;
  ece_hi: number | null;
  calls: number;
  tokens: number;
  seconds: number;
};

/** What a conversation is measured by; tokens are those that the person had to read. */
const talkFigures = {
  solved: (one: TalkCase) => Number(one.solved),
  first_attempt: (one: TalkCase) => Number(one.firstAttempt),
  turns: (one: TalkCase) => one.turns,
  tokens: (one: TalkCase) => one.shown,
  empty_questions: (one: TalkCase) => one.emptyQuestions,
  early_attempts: (one: TalkCase) => one.earlyAttempts,
  calls: (one: TalkCase) => one.calls,
  seconds: (one: TalkCase) => one.seconds,
} as const;
type Figure = keyof typeof talkFigures;

/** One line of the results of kind 2: means over whole conversations, each with its interval. */
export type TalkResult = { set: string; policy: string; n: number } & Record<
  Figure | `${Figure}_lo` | `${Figure}_hi`,
  number
>;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Null without a talk. */
export const solvedShare = (cases: readonly TalkCase[]): number | null =>
  cases.length === 0 ? null : mean(cases.map(talkFigures.solved));

/** A case as the statistics read it. */
export type Row = Decided & { id: string; score: number; group: string };
export const rowsOf = (cases: readonly ChoiceCase[]): Row[] =>
  cases.map((one) => ({
    id: one.id,
    asked: one.asked,
    positive: one.label === "ask",
    score: one.score ?? 0,
    group: one.group,
  }));
/** What AUC and calibration are read from: a policy may have a score for some of its items, or for none. */
export const scoredRows = (cases: readonly ChoiceCase[]): Row[] => rowsOf(cases.filter((one) => one.score !== null));
/** Whole groups are drawn, and of both labels as many as there are. */
export const drawing = { group: (row: Row) => row.group, stratum: (row: Row) => `${row.positive}` };

export function choiceResult(set: string, policy: string, cases: readonly ChoiceCase[]): ChoiceResult {
  const rows = rowsOf(cases);
  const scored = scoredRows(cases);
  const interval = (statistic: (items: readonly Row[]) => number | null, of = rows): Interval | null =>
    bootstrap(of, statistic, drawing);
  const area = interval(auc, scored);
  const balanced = interval(balancedAccuracy);
  const f1 = interval(macroF1);
  const calibration = interval(calibrationError, scored);
  const clear = interval(askRateClear);
  const unclear = interval(askRateUnclear);
  return {
    set,
    policy,
    n: cases.length,
    auc: auc(scored),
    auc_lo: area?.low ?? null,
    auc_hi: area?.high ?? null,
    balanced_accuracy: balancedAccuracy(rows),
    balanced_accuracy_lo: balanced?.low ?? null,
    balanced_accuracy_hi: balanced?.high ?? null,
    macro_f1: macroF1(rows),
    macro_f1_lo: f1?.low ?? null,
    macro_f1_hi: f1?.high ?? null,
    ask_rate_clear: askRateClear(rows),
    ask_rate_clear_lo: clear?.low ?? null,
    ask_rate_clear_hi: clear?.high ?? null,
    ask_rate_unclear: askRateUnclear(rows),
    ask_rate_unclear_lo: unclear?.low ?? null,
    ask_rate_unclear_hi: unclear?.high ?? null,
    ece: calibrationError(scored),
    ece_lo: calibration?.low ?? null,
    ece_hi: calibration?.high ?? null,
    calls: mean(cases.map((one) => one.calls)),
    tokens: mean(cases.map((one) => one.tokens)),
    seconds: mean(cases.map((one) => one.seconds)),
  };
}

/** For the picture: null where the policy has no score. */
export function reliabilityOf(cases: readonly ChoiceCase[]): Bin[] | null {
  const rows = scoredRows(cases);
  return rows.length > 0 ? reliability(rows) : null;
}

export function talkResult(set: string, policy: string, cases: readonly TalkCase[]): TalkResult {
  const figures = Object.entries(talkFigures).flatMap(([name, of]) => {
    const statistic = (list: readonly TalkCase[]) => mean(list.map(of));
    const interval = bootstrap(cases, statistic, { group: (one) => one.group });
    const value = statistic(cases);
    return [
      [name, value],
      [`${name}_lo`, interval?.low ?? value],
      [`${name}_hi`, interval?.high ?? value],
    ];
  });
  return { set, policy, n: cases.length, ...Object.fromEntries(figures) };
}
