import { asks } from "../../shared/kinds.ts";
import type { DraftPlan } from "../policy.ts";
import { type Policy, withDrafts } from "../policy.ts";
import type { Candidate, Cost, Ports, Stance, Table, TableCell } from "../ports.ts";
import { normal, uniform } from "../rng.ts";
import type { Turn } from "../turn.ts";
import { firstNoise } from "../turn.ts";
import { expectedSuccess, liveRates } from "../user.ts";
import {
  assistantReply,
  candidateText,
  candidateTokens,
  formatValues,
  fulfilment,
  goals,
  slotsAskedIn,
  userReply,
  valuesIn,
} from "./grammar.ts";
import { guess, type Instance, ratesOf } from "./slots.ts";

/** Drafts of the `slots` world besides the direct answer. */
export const slotDrafts: readonly DraftPlan[] = [
  { id: "assume", kind: "assume" },
  { id: "ask1", kind: "ask" },
  { id: "ask2", kind: "ask" },
  { id: "hybrid", kind: "hybrid" },
];

const cost = (generating: number, scoring: number, tokensOut: number): Cost => ({
  calls: { generating, scoring },
  tokensIn: 0,
  tokensCached: 0,
  tokensOut,
  ms: 0,
});
const scored = cost(0, 1, 1);

export interface PlayerOptions {
  /** Chance of P(clear) etc.: null as in the marks, where the selector decides. */
  readonly selector?: Ports["selector"];
  /** The table's usefulness per candidate and goal; absent: no opinion, only weights, as in the marks. */
  readonly usefulness?: (candidate: Candidate, values: readonly number[], stances: readonly Stance[]) => number;
  /** Replaces the goals the engine believes in (robustness); absent: exact. */
  readonly believed?: () => Iterable<{ values: number[]; weight: number }>;
  /** The judge's noise in units of the usual: s.d. .08 on success in a graded outcome, .1 on R_LLM. And a bias on success. */
  readonly judgeNoise?: number;
  readonly judgeBias?: (candidate: Candidate) => number;
}

/** How a candidate treats each slot under a goal: what its text shows. */
export function stancesFor(instance: Instance, candidate: Candidate, values: readonly number[]): Stance[] {
  const asked = new Set(slotsAskedIn(candidate.text));
  const given = valuesIn(candidate.text);
  return values.map((value, slot) => {
    if (asked.has(slot)) return "asked";
    const p = instance.p[slot] ?? [1];
    return (given.get(slot) ?? guess(p)) === value ? "right" : "wrong";
  });
}

/**
 * What a table maker that knows people in general would say: success of an average reply (.9) with users of the live
 * rates. Right about the kind of thing, wrong about this user and this candidate's quality.
 */
export function usefulStances(candidate: Candidate, _values: readonly number[], stances: readonly Stance[]): number {
  return 0.9 * expectedSuccess(candidate.kind, stances, liveRates);
}

function tableOf(instance: Instance, candidates: readonly Candidate[], options: PlayerOptions): Table {
  const known = [...(options.believed?.() ?? goals(instance))].filter((goal) => goal.weight > 0);
  const intents = known.map(({ values, weight }) => {
    const text = formatValues(values);
    return { id: text, text, weight };
  });
  const rows = candidates.map((candidate) => {
    const questions = asks(candidate.kind) ? 1 : 0;
    const cells = known.map(({ values }): TableCell => {
      const stances = stancesFor(instance, candidate, values);
      const usefulness = options.usefulness?.(candidate, values, stances) ?? null;
      return { usefulness, questions, stances };
    });
    return { candidate: candidate.id, cells };
  });
  return { source: "world", raw: false, intents, rows, cost: cost(1, 0, 0) };
}

/** Plays assistant, user and judge of one instance: the world behind the ports, through the text grammar. */
export function playSlots(instance: Instance, options: PlayerOptions = {}): Ports {
  const reply = (id: string) => ({
    text: candidateText(instance, id),
    tokens: candidateTokens(instance, id),
    finished: true,
    cost: cost(1, 0, candidateTokens(instance, id)),
  });
  return {
    clock: { now: () => 0, sleep: () => new Promise<void>(() => {}) },
    answer({ onText }) {
      const answer = reply("answer");
      onText(answer.text);
      return answer;
    },
    clarity: () => null,
    draft: ({ id }) => reply(id),
    async table({ drafts }) {
      return tableOf(instance, await drafts, options);
    },
    selector: options.selector ?? (() => null),
    user({ history, intent, act }) {
      const hybrid = history.at(-1)?.text.startsWith("hybrid:") ?? false;
      const said = userReply(instance, intent, act, hybrid);
      return { ...said, finished: true, cost: cost(1, 0, said.tokens) };
    },
    assistant({ history }) {
      const said = assistantReply(instance, history);
      return { ...said, finished: true, asks: false, cost: cost(1, 0, said.tokens) };
    },
    judge({ history, intent, candidate, outcome, seed }) {
      const chance = (instance.q[candidate.id] ?? 0.9) * fulfilment(instance, history, intent);
      const noise = options.judgeNoise ?? 1;
      const success =
        outcome === "binary"
          ? Number(uniform(seed, "success") < chance)
          : chance + 0.08 * noise * normal(seed) + (options.judgeBias?.(candidate) ?? 0);
      const interactivity = Math.round((0.6 + 0.1 * noise * normal(seed ^ 0x5bd1e995)) * 10) / 10;
      return { success, interactivity, cost: scored };
    },
  };
}

const still = new AbortController().signal;

/** A turn of the `slots` world: the instance's own user rates, no deadline pressure. */
export function slotsTurn(instance: Instance, policy: Policy, seed: number): Turn {
  const slots = withDrafts(policy, slotDrafts);
  const flat = { answer: 0, assume: 0, ask: 0, hybrid: 0 };
  return {
    history: [{ role: "user", text: "request" }],
    seed,
    policy: { ...slots, soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY },
    asking: "balanced",
    questionBudget: 3,
    trust: 1,
    rates: ratesOf(instance),
    kindMeans: flat,
    lengths: { answer: null, assume: null, ask: null, hybrid: null },
    noise: firstNoise,
    speeds: { reply: 2000, user: 0, assistant: 0, judge: 0, reading: 0, slots: 24, crowding: 1 },
    mode: "live",
    stop: still,
    answerNow: still,
    models: { assistant: "world", simulator: "world", judge: "world" },
  };
}
