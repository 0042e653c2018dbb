import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case, ChoiceCase, TalkCase } from "./cases.ts";
import type { EvaluationSet } from "./form.ts";
import { reliabilityPicture } from "./picture.ts";
import { choiceTable, differenceLine, talkTable } from "./print.ts";
import { type ChoiceResult, choiceResult, reliabilityOf, type TalkResult, talkResult } from "./results.ts";
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
    const results = measured.map(({ policy, cases }) => talkResult(set.name, policy, cases.filter(isTalk)));
    say(`\n${talkTable(results)}`);
    sayDifferences("solved", measured, say, (one) => (isTalk(one) ? Number(one.solved) : null));
    return results;
  }
  const results = measured.map(({ policy, cases }) => choiceResult(set.name, policy, cases.filter(isChoice)));
  say(`\n${choiceTable(results)}`);
  sayDifferences("right", measured, say, (one) => (isChoice(one) ? Number(one.asked === (one.label === "ask")) : null));
  for (const { policy, cases } of measured) drawReliability(set.name, policy, cases.filter(isChoice), out);
  return results;
}

function drawReliability(set: string, policy: string, cases: readonly ChoiceCase[], out: string): void {
  const bins = reliabilityOf(cases);
  if (bins === null) return;
  const name = `${set}--${policy}`.replaceAll(/[^\w.-]+/g, "_").slice(-80);
  mkdirSync(out, { recursive: true });
  const picture = reliabilityPicture(`${set}, ${policy}, n = ${cases.length}`, { name, bins });
  writeFileSync(join(out, `${name}.svg`), picture);
}

/** The first policy against each other one, on the items that both have; groups are drawn whole. */
function sayDifferences(
  what: string,
  measured: readonly Measured[],
  say: (line: string) => void,
  value: (one: Case) => number | null,
): void {
  const [first, ...others] = measured;
  if (!first) return;
  const valuesOf = (cases: readonly Case[]) =>
    new Map(
      cases.map((one) => [one.id, value(one)] as const).filter((pair): pair is [string, number] => pair[1] !== null),
    );
  const groups = new Map(first.cases.map((one) => [one.id, one.group]));
  for (const other of others) {
    const difference = pairedDifference(valuesOf(first.cases), valuesOf(other.cases), (id) => groups.get(id) ?? id);
    if (difference) say(differenceLine(what, first.policy, other.policy, difference));
  }
}
