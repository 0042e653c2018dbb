import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case, ChoiceCase, TalkCase } from "./cases.ts";
import type { EvaluationSet } from "./form.ts";
import { reliabilityPicture } from "./picture.ts";
import { UNSCORED } from "./policies/names.ts";
import { choiceTable, differenceLine, talkTable } from "./print.ts";
import {
  type ChoiceResult,
  choiceResult,
  drawing,
  reliabilityOf,
  rowsOf,
  scoredRows,
  solvedShare,
  type TalkResult,
  talkResult,
} from "./results.ts";
import { auc } from "./statistics/auc.ts";
import { balancedAccuracy } from "./statistics/decisions.ts";
import { pairedDifference } from "./statistics/paired.ts";

export type Measured = { policy: string; cases: Case[] };

const isChoice = (one: Case): one is ChoiceCase => one.kind === 1;
const isTalk = (one: Case): one is TalkCase => one.kind === 2;

/** Prints a set's table and its paired differences, draws the reliability pictures, and returns the table's lines as data. */
export function report(
  set: Pick<EvaluationSet, "kind" | "name">,
  measured: readonly Measured[],
  out: string,
  say: (line: string) => void,
): (ChoiceResult | TalkResult)[] {
  if (set.kind === 2) {
    const talks = measured.map(({ policy, cases }) => ({ policy, cases: cases.filter(isTalk) }));
    const results = talks.map(({ policy, cases }) => talkResult(set.name, policy, cases));
    say(`\n${talkTable(results)}`);
    sayDifferences("solved", talks, say, solvedShare, { group: (one) => one.group });
    return results;
  }
  const choices = measured.map(({ policy, cases }) => ({ policy, cases: cases.filter(isChoice) }));
  const results = choices.map(({ policy, cases }) => choiceResult(set.name, policy, cases));
  say(`\n${choiceTable(results)}`);
  for (const { policy, cases } of choices) sayUnscored(policy, cases, say);
  const scored = choices.map(({ policy, cases }) => ({ policy, cases: scoredRows(cases) }));
  const rows = choices.map(({ policy, cases }) => ({ policy, cases: rowsOf(cases) }));
  sayDifferences(
    "AUC",
    scored.filter(({ cases }) => cases.length > 0),
    say,
    auc,
    drawing,
  );
  sayDifferences("balanced accuracy", rows, say, balancedAccuracy, drawing);
  for (const { policy, cases } of choices) drawReliability(set.name, policy, cases, out);
  return results;
}

function sayUnscored(policy: string, cases: readonly ChoiceCase[], say: (line: string) => void): void {
  const missing = cases.filter((one) => one.score === null).length;
  if (missing === 0 || UNSCORED.includes(policy)) return;
  say(
    `${policy}: of ${missing} of ${cases.length} items neither the check nor the readings came; AUC and ECE leave them out.`,
  );
}

function drawReliability(set: string, policy: string, cases: readonly ChoiceCase[], out: string): void {
  const bins = reliabilityOf(cases);
  if (bins === null) return;
  // Of a file's name little may be left: two must not share a picture.
  const told = set.startsWith("file:") ? `${set}-${createHash("sha256").update(set).digest("hex").slice(0, 6)}` : set;
  const name = `${told}--${policy}`.replaceAll(/[^\w.-]+/g, "_").slice(-80);
  mkdirSync(out, { recursive: true });
  const picture = reliabilityPicture(`${set}, ${policy}, n = ${cases.length}`, { name, bins });
  writeFileSync(join(out, `${name}.svg`), picture);
}

/** The first policy against each other one, on the items that both have. */
function sayDifferences<T extends { id: string }>(
  what: string,
  measured: readonly { policy: string; cases: readonly T[] }[],
  say: (line: string) => void,
  statistic: (items: readonly T[]) => number | null,
  by: Parameters<typeof pairedDifference<T>>[3],
): void {
  const [first, ...others] = measured;
  if (!first) return;
  for (const other of others) {
    const difference = pairedDifference(first.cases, other.cases, statistic, by);
    if (difference) say(differenceLine(what, first.policy, other.policy, difference));
  }
}
