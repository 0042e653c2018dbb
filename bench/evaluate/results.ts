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
  calls: number;
  tokens: number;
  seconds: number;
};

export type TalkResult = {
  set: string;
  policy: string;
  n: number;
  solved: number;
  solved_lo: number;
  solved_hi: number;
  first_attempt: number;
  turns: number;
  tokens: number;
  empty_questions: number;
  early_attempts: number;
  calls: number;
  seconds: number;
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

type Row = Decided & { score: number; group: string };

export function choiceResult(set: string, policy: string, cases: readonly ChoiceCase[]): ChoiceResult {
  const rows: Row[] = cases.map((one) => ({
    asked: one.asked,
    positive: one.label === "ask",
    score: one.score ?? 0,
    group: one.group,
  }));
  const scored = cases.length > 0 && cases.every((one) => one.score !== null);
  const interval = (statistic: (items: readonly Row[]) => number | null): Interval | null =>
    bootstrap(rows, statistic, { group: (row) => row.group, stratum: (row) => `${row.positive}` });
  const area = scored ? interval(auc) : null;
  const balanced = interval(balancedAccuracy);
  const f1 = interval(macroF1);
  const clear = interval(askRateClear);
  const unclear = interval(askRateUnclear);
  return {
    set,
    policy,
    n: cases.length,
    auc: scored ? auc(rows) : null,
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
    ece: scored ? calibrationError(rows) : null,
    calls: mean(cases.map((one) => one.calls)),
    tokens: mean(cases.map((one) => one.tokens)),
    seconds: mean(cases.map((one) => one.seconds)),
  };
}

/** For the picture: null where the policy has no score. */
export function reliabilityOf(cases: readonly ChoiceCase[]): Bin[] | null {
  if (cases.length === 0 || cases.some((one) => one.score === null)) return null;
  return reliability(cases.map((one) => ({ score: one.score ?? 0, positive: one.label === "ask" })));
}

/** All means are of a whole conversation; tokens are those that the person had to read. */
export function talkResult(set: string, policy: string, cases: readonly TalkCase[]): TalkResult {
  const solved = bootstrap(cases, (list) => mean(list.map((one) => Number(one.solved))), { group: (one) => one.group });
  return {
    set,
    policy,
    n: cases.length,
    solved: mean(cases.map((one) => Number(one.solved))),
    solved_lo: solved?.low ?? 0,
    solved_hi: solved?.high ?? 1,
    first_attempt: mean(cases.map((one) => Number(one.firstAttempt))),
    turns: mean(cases.map((one) => one.turns)),
    tokens: mean(cases.map((one) => one.shown)),
    empty_questions: mean(cases.map((one) => one.emptyQuestions)),
    early_attempts: mean(cases.map((one) => one.earlyAttempts)),
    calls: mean(cases.map((one) => one.calls)),
    seconds: mean(cases.map((one) => one.seconds)),
  };
}
