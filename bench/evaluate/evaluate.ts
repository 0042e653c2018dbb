import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Models } from "../../lib/models/models.ts";
import { type CaseStore, openCases, type RunKey } from "./case-store.ts";
import type { Case, ChoiceCase, TalkCase } from "./cases.ts";
import type { Keeper } from "./database.ts";
import type { EvaluationSet } from "./form.ts";
import type { Options } from "./options.ts";
import { reliabilityPicture } from "./picture.ts";
import { decideChoice } from "./policies/choice.ts";
import { BASELINES, ROLLOUT_ITEMS, WITH_ROLLOUTS } from "./policies/names.ts";
import { holdTalk } from "./policies/talk.ts";
import { versionsOf } from "./policies/versions.ts";
import { choiceTable, differenceLine, talkTable } from "./print.ts";
import { progress } from "./progress.ts";
import { type ChoiceResult, choiceResult, reliabilityOf, type TalkResult, talkResult } from "./results.ts";
import { baselineCases, measure } from "./run-set.ts";
import { chooseItems } from "./split.ts";
import { pairedDifference } from "./statistics/paired.ts";

/** What a run needs from outside. `models` connects at the first policy that needs one. */
export type Surroundings = {
  models: () => Promise<Models>;
  keeper: Keeper | null;
  stop: AbortSignal;
  say: (line: string) => void;
  output: { isTTY?: boolean; write(text: string): unknown };
};

type Measured = { policy: string; cases: Case[] };

/** Items of one set at once: talks wait for each other's words, so several share the model's steps. */
const TALKS_AT_ONCE = 4;

/** Runs one set under every policy and returns its lines of the results; what was measured is in files by then. */
export async function evaluateSet(
  set: EvaluationSet,
  options: Options,
  around: Surroundings,
): Promise<(ChoiceResult | TalkResult)[]> {
  const measured: Measured[] = [];
  const names =
    set.kind === 1
      ? [...new Set([...options.policies, "always_ask", "always_answer", "bag_of_words"])]
      : options.policies;
  let broken: unknown = null;
  for (const policy of names) {
    try {
      const cases = await casesOf(set, policy, options, around, broken !== null);
      if (cases.length > 0) measured.push({ policy, cases });
    } catch (error) {
      broken ??= error;
      const kept = storedCases(set, policy, options, around);
      if (kept.length > 0) measured.push({ policy, cases: kept });
    }
  }
  const results = report(set, measured, options, around);
  if (broken !== null) throw new Interrupted(results, broken);
  return results;
}

/** A run that could not be finished: what it has, and why it ended. */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly results: (ChoiceResult | TalkResult)[];
  constructor(results: (ChoiceResult | TalkResult)[], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.results = results;
  }
}

/** The store that the last policy of a set wrote to, so that an interrupted one can still be read. */
const opened = new Map<string, { store: CaseStore; ids: string[] }>();

async function casesOf(
  set: EvaluationSet,
  policy: string,
  options: Options,
  around: Surroundings,
  broken: boolean,
): Promise<Case[]> {
  const most = WITH_ROLLOUTS.includes(policy) ? (options.n ?? ROLLOUT_ITEMS) : options.n;
  const chosen: { id: string }[] =
    set.kind === 1 ? chooseItems(set.items, most, options.seed) : chooseItems(set.items, most, options.seed);
  if (set.kind === 1 && BASELINES.includes(policy)) {
    const ids = new Set(chosen.map((item) => item.id));
    return baselineCases(policy, set.items, set.training).filter((one) => ids.has(one.id));
  }
  if (broken) return [];
  const models = await around.models();
  const preset = policy === "parley" ? (options.preset ?? "balanced") : undefined;
  const key: RunKey = {
    set: set.name,
    policy,
    preset: preset ?? "",
    model: Object.values(models.ids).join("+"),
    seed: options.seed,
    versions: versionsOf(policy, preset),
  };
  const store = openCases(join(options.out, "cases"), key);
  const ids = chosen.map((item) => item.id);
  opened.set(`${set.name}/${policy}`, { store, ids });
  const bar = progress(`${set.name} · ${policy}`, ids.length, around.output);
  const input = { models, stop: around.stop, name: policy, preset, seed: options.seed };
  const parallel = options.parallel || (set.kind === 1 ? 1 : TALKS_AT_ONCE);
  const allowed = new Set(ids);
  if (set.kind === 1) {
    const items = chooseItems(set.items, most, options.seed).filter((item) => allowed.has(item.id));
    await measure(items, store, parallel, bar, (item) => decideChoice({ ...input, item }));
  } else {
    const items = chooseItems(set.items, most, options.seed).filter((item) => allowed.has(item.id));
    await measure(items, store, parallel, bar, (item) => holdTalk({ ...input, item }));
  }
  const cases = ids.flatMap((id) => store.get(id) ?? []);
  await around.keeper?.keep(key, cases);
  return cases;
}

function storedCases(set: EvaluationSet, policy: string, _options: Options, _around: Surroundings): Case[] {
  const known = opened.get(`${set.name}/${policy}`);
  return known ? known.ids.flatMap((id) => known.store.get(id) ?? []) : [];
}

const isChoice = (one: Case): one is ChoiceCase => one.kind === 1;
const isTalk = (one: Case): one is TalkCase => one.kind === 2;

function report(set: EvaluationSet, measured: Measured[], options: Options, around: Surroundings) {
  if (set.kind === 2) {
    const results = measured.map(({ policy, cases }) => talkResult(set.name, policy, cases.filter(isTalk)));
    around.say(`\n${talkTable(results)}`);
    sayDifferences("solved", measured, around, (one) => (isTalk(one) ? Number(one.solved) : null));
    return results;
  }
  const results = measured.map(({ policy, cases }) => choiceResult(set.name, policy, cases.filter(isChoice)));
  around.say(`\n${choiceTable(results)}`);
  sayDifferences("right", measured, around, (one) =>
    isChoice(one) ? Number(one.asked === (one.label === "ask")) : null,
  );
  for (const { policy, cases } of measured) {
    const bins = reliabilityOf(cases.filter(isChoice));
    if (bins === null) continue;
    const name = `${set.name}--${policy}`.replaceAll(/[^\w.-]+/g, "_").slice(-80);
    mkdirSync(options.out, { recursive: true });
    writeFileSync(
      join(options.out, `${name}.svg`),
      reliabilityPicture(`${set.name}, ${policy}, n = ${cases.length}`, { name, bins }),
    );
  }
  return results;
}

/** The first policy against each other one, on the items both have. */
function sayDifferences(
  what: string,
  measured: Measured[],
  around: Surroundings,
  value: (one: Case) => number | null,
): void {
  const [first, ...others] = measured;
  const valuesOf = (cases: readonly Case[]) =>
    new Map(cases.flatMap((one) => ((found) => (found === null ? [] : [[one.id, found] as const]))(value(one))));
  if (!first) return;
  const groups = new Map(first.cases.map((one) => [one.id, one.group]));
  for (const other of others) {
    const difference = pairedDifference(valuesOf(first.cases), valuesOf(other.cases), (id) => groups.get(id) ?? id);
    if (difference) around.say(differenceLine(what, first.policy, other.policy, difference));
  }
}
