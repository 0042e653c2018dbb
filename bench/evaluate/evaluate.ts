import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Capabilities, isSlow } from "../../lib/models/capabilities.ts";
import { prefersScored } from "../../lib/models/makers.ts";
import type { Models } from "../../lib/models/models.ts";
import { openCases, type RunKey } from "./case-store.ts";
import type { Case } from "./cases.ts";
import type { Keeper } from "./database.ts";
import type { ChoiceItem, EvaluationSet, TalkItem } from "./form.ts";
import type { Options } from "./options.ts";
import { decideChoice } from "./policies/choice.ts";
import { BASELINES, itemsFor } from "./policies/names.ts";
import { holdTalk } from "./policies/talk.ts";
import { versionsOf } from "./policies/versions.ts";
import { reasonOf } from "./problem.ts";
import { progress } from "./progress.ts";
import { type Measured, report } from "./report.ts";
import type { ChoiceResult, TalkResult } from "./results.ts";
import { baselineCases, measure, ofTheItem } from "./run-set.ts";
import { chooseItems } from "./split.ts";

/** What a run needs from outside. `models` connects at the first policy that needs one. */
export type Surroundings = {
  models: () => Promise<Models>;
  keeper: Keeper | null;
  stop: AbortSignal;
  say: (line: string) => void;
  output: { isTTY?: boolean; write(text: string): unknown };
};

/** Why measuring ended before its end; `gone` where the next policy could not be measured either. */
export type Failure = { cause: unknown; gone: boolean };

/** These stand beside every kind-1 score without being asked for. */
const BESIDE = ["always_ask", "always_answer", "bag_of_words"];

/**
 * Measures one set under every policy, prints it and returns its lines of the results, how many items were left out, and what
 * ended the measuring early. Once the endpoint is gone (`measuring` false: before this set) only what is stored is told.
 */
export async function evaluateSet(
  set: EvaluationSet,
  options: Options,
  around: Surroundings,
  measuring = true,
): Promise<{ results: (ChoiceResult | TalkResult)[]; leftOut: number; failure: Failure | null }> {
  const names = set.kind === 1 ? [...new Set([...options.policies, ...BESIDE])] : options.policies;
  const measured: Measured[] = [];
  let leftOut = 0;
  let failure: Failure | null = null;
  for (const policy of names) {
    const constant = set.kind === 1 && BASELINES.includes(policy);
    const outcome: Outcome = constant
      ? constantCases(set, policy, options)
      : await modelCases(set, policy, options, around, measuring && !failure?.gone);
    if (outcome.cases.length > 0) measured.push({ policy, cases: outcome.cases });
    leftOut += outcome.leftOut;
    if (outcome.failure && !failure?.gone) failure = outcome.failure;
  }
  return { results: report(set, measured, options.out, around.say), leftOut, failure };
}

type Outcome = { cases: Case[]; failure: Failure | null; leftOut: number };

/** The rows that the others are compared with: the items of the first policy, or of the run. */
function constantCases(set: EvaluationSet & { kind: 1 }, policy: string, options: Options): Outcome {
  const ids = new Set(
    chooseItems(set.items, options.n ?? itemsFor(options.policies[0] ?? policy, 1), options.seed).map(({ id }) => id),
  );
  const cases = baselineCases(policy, set.items, set.training).filter((one) => ids.has(one.id));
  return { cases, failure: null, leftOut: 0 };
}

/** A slow model is given less to write; a small one is read by its probabilities, and judges by them where it echoes. */
const howAsked = (capabilities: Capabilities): string =>
  [isSlow(capabilities) && "slow", prefersScored(capabilities) && "scored", capabilities.echo && "echo"]
    .filter(Boolean)
    .join(",");

/** Talks at once where the endpoint is fast; on a slow machine they would take each other's deadlines. */
const TALKS_AT_ONCE = 4;

async function modelCases(
  set: EvaluationSet,
  policy: string,
  options: Options,
  around: Surroundings,
  measuring: boolean,
): Promise<Outcome> {
  const models = await around.models();
  const preset = policy === "parley" ? (options.preset ?? "balanced") : undefined;
  const key: RunKey = {
    set: set.name,
    policy,
    preset: preset ?? "",
    model: Object.values(models.ids).join("+"),
    asked: Object.values(models.capabilities).map(howAsked).join("+"),
    seed: options.seed,
    versions: versionsOf(policy, preset, set.kind),
  };
  const store = openCases(join(options.out, "cases"), key);
  const alone = set.kind === 1 || isSlow(models.capabilities.assistant);
  const parallel = options.parallel || (alone ? 1 : TALKS_AT_ONCE);
  const common = { models, parallel, stop: around.stop, name: policy, preset, seed: options.seed };
  const most = options.n ?? itemsFor(policy, set.kind);
  const limits = { stop: around.stop, mayBegin: () => measuring && performance.now() < options.minutes * 60_000 };
  const run = async <T extends ChoiceItem | TalkItem>(
    all: readonly T[],
    one: (item: T) => Promise<Case>,
  ): Promise<Outcome> => {
    const items = chooseItems(all, most, options.seed);
    const bar = progress(`${set.name} · ${policy}`, items.length, around.output);
    const { failed, failure } = await measure(items, store, parallel, bar, limits, one).then(
      (done) => ({ ...done, failure: null }),
      (cause: unknown) => ({ failed: [], failure: { cause, gone: around.stop.aborted || !ofTheItem(cause) } }),
    );
    for (const line of failed) around.say(`Left out: ${line}`);
    if (failure && !failure.gone) around.say(`${set.name} · ${policy} was given up: ${reasonOf(failure.cause)}`);
    const cases = items.flatMap((item) => store.get(item) ?? []);
    const waiting = items.length - cases.length - failed.length;
    if (measuring && failure === null && waiting > 0)
      around.say(
        `${set.name} · ${policy}: ${waiting} of ${items.length} items were not begun in ${options.minutes} minutes.`,
      );
    await around.keeper?.keep(key, cases);
    return { cases, failure, leftOut: failed.length };
  };
  return set.kind === 1
    ? run(set.items, (item) => decideChoice({ ...common, item }))
    : run(set.items, (item) => holdTalk({ ...common, item }));
}

export function writeJson(path: string, results: readonly (ChoiceResult | TalkResult)[]): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}
