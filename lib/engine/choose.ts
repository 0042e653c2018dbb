import type { Kind } from "../shared/kinds.ts";
import type { StopReason } from "../shared/record.ts";
import type { Field } from "./field.ts";
import type { Policy } from "./policy.ts";
import { type Belief, valueOfBlock } from "./posterior.ts";
import { hash, uniform } from "./rng.ts";

/** What the choice between "one more block" and "stop" looks at. */
export interface Standing {
  readonly belief: Belief;
  /** Coordinates still in the running, the leader always among them. */
  readonly alive: readonly number[];
  /** Rounds played, intents drawn so far. */
  readonly round: number;
  readonly intents: number;
  /** Rollouts finished per candidate. */
  readonly counts: readonly number[];
  /** Mean port calls of a future, measured or expected. */
  readonly callsEach: number;
}

export type Step =
  | { readonly stop: StopReason }
  | {
      readonly stop: null;
      /** Who takes part, in order of promise. */
      readonly candidates: readonly number[];
      readonly intents: number;
      /** Draws continue where each candidate stands (`own`), or after the last intent of the turn (`shared`). */
      readonly draws: "shared" | "own";
    };

/** Candidates in order of promise: P(best), then mean, then place. */
export function promising(belief: Belief, alive: readonly number[]): number[] {
  return [...alive].sort(
    (a, b) => (belief.best[b] ?? 0) - (belief.best[a] ?? 0) || (belief.mean[b] ?? 0) - (belief.mean[a] ?? 0) || a - b,
  );
}

/** Who stays: P(best) ≥ the policy's limit, and the leader whatever happens. */
export function survivors(belief: Belief, alive: readonly number[], limit: number): number[] {
  return alive.filter((index) => index === belief.leader || (belief.best[index] ?? 0) >= limit);
}

/** Stop, or which block next. Pure arithmetic on the standing. */
export function nextStep(policy: Policy, standing: Standing, seed: number): Step {
  const { belief, alive, round, intents } = standing;
  if (alive.length < 2) return { stop: "single" };
  if (policy.allocation === "fixed")
    return round > 0
      ? { stop: "fixed" }
      : { stop: null, candidates: [...alive], intents: policy.first, draws: "shared" };
  if (policy.allocation === "halving") return halve(policy, standing);
  if (belief.regret <= policy.epsilon && (round > 0 || policy.gate.regret)) return { stop: "regret" };
  if (round >= policy.rounds) return { stop: "budget" };
  if (policy.allocation === "ttts") return topTwo(policy, standing, seed);
  const left = policy.most - intents;
  if (left < 1) return { stop: "budget" };
  const size = Math.min(left, round === 0 ? policy.first : policy.next);
  if (policy.allocation === "block") {
    const value = valueOfBlock(belief, alive, size, hash(seed, "value", round));
    if (round > 0 && value <= policy.kappa * standing.callsEach * alive.length * size) return { stop: "value" };
    return { stop: null, candidates: promising(belief, alive), intents: size, draws: "shared" };
  }
  const chosen = design(policy, belief, alive, standing.callsEach, left, size, hash(seed, "value", round));
  if (chosen === null) return { stop: "value" };
  return { stop: null, candidates: chosen.candidates, intents: chosen.intents, draws: "shared" };
}

/** A block and what it is expected to bring: the rise of the best mean less what its calls are worth, in units of MR. */
export interface Design {
  readonly candidates: readonly number[];
  readonly intents: number;
  readonly net: number;
}

/**
 * Ours: the set (the most promising 2, 3, … of those alive) and number of intents whose value of information exceeds its
 * calls by most; null where none does. The value of few intents is small and convex at first, so the whole budget left
 * is weighed too; played are at most `size` of them, and then the question is put again.
 */
export function design(
  policy: Policy,
  belief: Belief,
  alive: readonly number[],
  callsEach: number,
  left: number,
  size: number,
  seed: number,
): Design | null {
  const order = promising(belief, alive);
  const sizes = [...new Set([1, 2, size, left])].filter((count) => count >= 1 && count <= left);
  let best: Design | null = null;
  for (let width = 2; width <= order.length; width += 1) {
    const candidates = order.slice(0, width);
    for (const count of sizes) {
      const value = valueOfBlock(belief, candidates, count, seed);
      const net = value - policy.kappa * callsEach * width * count;
      if (net > (best?.net ?? 0)) best = { candidates, intents: Math.min(count, size), net };
    }
  }
  return best;
}

/** Sequential halving: the total split evenly over the rounds, the better half by mean stays after each. */
function halve(policy: Policy, { belief, alive, round, counts }: Standing): Step {
  if (round >= policy.rounds) return { stop: "fixed" };
  const total = policy.first * counts.length;
  const keep = Math.max(2, Math.ceil(alive.length / 2));
  const order = [...alive].sort((a, b) => (belief.mean[b] ?? 0) - (belief.mean[a] ?? 0) || a - b);
  const candidates = round === 0 ? order : order.slice(0, keep);
  const intents = Math.max(1, Math.floor(total / (policy.rounds * candidates.length)));
  return { stop: null, candidates, intents, draws: "shared" };
}

/** Top-two Thompson sampling: a draw's best candidate, or with probability ½ the best of another draw that differs. */
function topTwo(policy: Policy, { belief, alive, counts, callsEach }: Standing, seed: number): Step {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total >= policy.most) return { stop: "budget" };
  const value = valueOfBlock(belief, alive, policy.most, hash(seed, "value", total));
  if (value <= policy.kappa * callsEach * alive.length) return { stop: "value" };
  const first = alive.includes(belief.leader) ? belief.leader : (alive[0] ?? 0);
  const pick = (key: string, from: readonly number[]) => {
    let point = uniform(seed, "ttts", key, total) * from.reduce((sum, index) => sum + (belief.best[index] ?? 0), 0);
    for (const index of from) {
      point -= belief.best[index] ?? 0;
      if (point < 0) return index;
    }
    return from[0] ?? first;
  };
  const leader = pick("leader", alive);
  const others = alive.filter((index) => index !== leader);
  const chosen = uniform(seed, "ttts", "coin", total) < 0.5 ? leader : pick("challenger", others);
  return { stop: null, candidates: [chosen], intents: 1, draws: "own" };
}

/** Order in which ties fall: an answer that says what it assumed is the least regretted mistake, a question the most. */
const tieOrder: readonly Kind[] = ["assume", "hybrid", "answer", "ask"];

/**
 * The coordinate to release. The highest mean; where that is a tie (its P(best) < 0.55 and ER ≤ ε) the first in the tie
 * order among the means within a share of ε of it.
 */
export function winnerOf(policy: Policy, belief: Belief, field: Field): number {
  const { leader, best, regret, mean } = belief;
  if ((best[leader] ?? 0) >= policy.tie.best || regret > policy.epsilon) return leader;
  const near = (mean[leader] ?? 0) - policy.tie.share * policy.epsilon;
  const tied = field.candidates.map((_, index) => index).filter((index) => (mean[index] ?? 0) >= near);
  const rank = (index: number) => tieOrder.indexOf(field.candidates[index]?.kind ?? "ask");
  return tied.reduce((first, index) => {
    const order = rank(index) - rank(first) || (mean[first] ?? 0) - (mean[index] ?? 0);
    return order < 0 ? index : first;
  }, leader);
}

export interface Release {
  readonly chosen: number;
  /** Probability with which the policy's own randomisation gives each candidate; sums to 1. */
  readonly propensities: readonly number[];
  readonly explored: boolean;
}

/** The winner, or on a few turns a draw from softmax over the means: logs then tell what other choices would have done. */
export function explore(policy: Policy, belief: Belief, winner: number, allowed: boolean, seed: number): Release {
  const { share, temperature, floor } = policy.exploration;
  const n = belief.mean.length;
  const sure = Array.from({ length: n }, (_, index) => (index === winner ? 1 : 0));
  if (!allowed || share <= 0 || n < 2) return { chosen: winner, propensities: sure, explored: false };
  const top = belief.mean[belief.leader] ?? 0;
  const raw = Array.from(belief.mean, (mean) => Math.exp((mean - top) / temperature));
  const sum = raw.reduce((total, value) => total + value, 0);
  const soft = raw.map((value) => Math.min(floor, 1 / n) + (1 - n * Math.min(floor, 1 / n)) * (value / sum));
  const propensities = soft.map((value, index) => share * value + (1 - share) * (sure[index] ?? 0));
  if (uniform(seed, "explore") >= share) return { chosen: winner, propensities, explored: false };
  let point = uniform(seed, "explore", "draw");
  for (let index = 0; index < n; index += 1) {
    point -= soft[index] ?? 0;
    if (point < 0) return { chosen: index, propensities, explored: true };
  }
  return { chosen: winner, propensities, explored: true };
}
