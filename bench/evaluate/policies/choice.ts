import type { Policy } from "../../../lib/engine/policy.ts";
import type { History } from "../../../lib/engine/ports.ts";
import { asks } from "../../../lib/shared/kinds.ts";
import type { Decision } from "../../../lib/shared/record.ts";
import { asksBack } from "../asking.ts";
import type { ChoiceCase } from "../cases.ts";
import type { ChoiceItem } from "../form.ts";
import { hashed } from "../random.ts";
import { enginePolicy, PROACTIVE, runTurn, type TurnInput } from "./turns.ts";

/** Tokens of a reply that a kind-1 run lets be written: `table` reads its beginning, the prompted ones show their question. */
const TABLE_TOKENS = 32;
const PROMPTED_TOKENS = 96;

export type ChoiceInput = Pick<TurnInput, "models" | "parallel" | "stop"> & {
  name: string;
  preset: TurnInput["policy"]["preset"] | undefined;
  seed: number;
  item: ChoiceItem;
};

/** Seeds are 32-bit and differ from item to item, whatever the order of the run. */
export const seedFor = (seed: number, id: string) => Math.floor(hashed(`${seed}/${id}`) * 0x7fffffff);

/** System messages are the conversation's own instructions; the engine's history has the two speakers alone. */
export function historyOf(item: ChoiceItem): { system: string; history: History } {
  const system = item.messages.filter((message) => message.role === "system").map((message) => message.content);
  const history = item.messages.flatMap(({ role, content }) => (role === "system" ? [] : [{ role, text: content }]));
  return { system: system.join("\n\n"), history };
}

/** One decision of kind 1 by a policy that needs a model. Throws what the engine throws. */
export async function decideChoice(input: ChoiceInput): Promise<ChoiceCase> {
  const { item, name } = input;
  const head = { kind: 1 as const, id: item.id, group: item.group ?? item.id, label: item.label };
  if (name === "check") return { ...head, ...(await checkAlone(input)) };
  const policy = enginePolicy(name, input.preset);
  const { system, history } = historyOf(item);
  const prompted = name === "direct" || name === "proactive";
  const started = performance.now();
  const decision = await runTurn({
    models: input.models,
    policy,
    system: name === "proactive" ? [system, PROACTIVE].filter(Boolean).join("\n\n") : system,
    history,
    seed: seedFor(input.seed, item.id),
    questionBudget: 3,
    replyTokens: prompted ? PROMPTED_TOKENS : name === "table" ? TABLE_TOKENS : undefined,
    parallel: input.parallel,
    stop: input.stop,
  });
  const seconds = (performance.now() - started) / 1000;
  const chosen = decision.candidates.find((candidate) => candidate.id === decision.chosenId);
  // A plain answer may ask of itself, under every policy.
  const asked = chosen !== undefined && (asks(chosen.kind) || asksBack(chosen.text));
  const score = prompted ? null : questionScore(decision);
  return { ...head, score, asked, ...costOf(decision), seconds, told: toldOf(decision) };
}

/**
 * P(a question is best): the belief of the choice where questions and answers were compared, else what the clarity check left
 * to doubt. That no question could be drafted does not make the request clear. Null where neither the check nor the readings came:
 * what is believed then says nothing of the request.
 */
export function questionScore(decision: Decision): number | null {
  const { clarity, intents } = decision;
  const believed = decision.candidates.filter((candidate) => candidate.posterior !== null);
  const compared = new Set(believed.map((one) => asks(one.kind))).size === 2;
  const read = clarity !== null || intents.some((intent) => !intent.other);
  if (compared && read)
    return believed.reduce((sum, one) => sum + (asks(one.kind) ? (one.posterior?.best ?? 0) : 0), 0);
  return clarity === null ? null : 1 - clarity.clear;
}

export const costOf = ({ cost }: Decision) => ({
  calls: cost.generating + cost.scoring,
  tokens: cost.tokensIn - cost.tokensCached + cost.tokensOut,
});

async function checkAlone({ models, item, seed, stop, preset }: ChoiceInput) {
  const { system, history } = historyOf(item);
  const threshold = clearFrom(enginePolicy("parley", preset));
  const started = performance.now();
  const check = await models
    .ports({ system })
    .clarity({ history, seed: seedFor(seed, item.id), signal: stop, priority: "foreground" });
  const seconds = (performance.now() - started) / 1000;
  const clear = check?.clear ?? 0.5;
  const cost = check?.cost;
  return {
    score: check === null ? null : 1 - clear,
    asked: clear < threshold,
    calls: (cost?.calls.generating ?? 0) + (cost?.calls.scoring ?? 0),
    tokens: (cost?.tokensIn ?? 0) - (cost?.tokensCached ?? 0) + (cost?.tokensOut ?? 0),
    seconds,
    told: { clear, threshold },
  };
}

const clearFrom = (policy: Policy) => policy.gate.clear ?? 0.5;

/** What a decision told in full needs; texts are cut, numbers are not. */
function toldOf(decision: Decision): Record<string, unknown> {
  return {
    path: decision.path,
    stop: decision.stopReason,
    clear: decision.clarity?.clear ?? null,
    sensitivity: decision.sensitivity,
    chosen: decision.chosenId,
    intents: decision.intents.map(({ id, text, weight }) => ({ id, text, weight })),
    candidates: decision.candidates.map(({ id, text, usefulness, prior, posterior }) => ({
      id,
      text: text.slice(0, 300),
      usefulness,
      prior: prior?.mean ?? null,
      posterior,
    })),
    rollouts: decision.rollouts.length,
    notes: decision.notes,
  };
}
