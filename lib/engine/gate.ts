import { asks } from "../shared/kinds.ts";
import { allowedDrafts, lengthOfKind } from "./candidates.ts";
import { design } from "./choose.ts";
import { type Field, gaussianOf, informationValue, learnedPrior, noiseOf, shiftsOf } from "./field.ts";
import { expectedCalls } from "./plan.ts";
import type { Candidate, Clarity } from "./ports.ts";
import { type Belief, believe } from "./posterior.ts";
import { effort } from "./reward.ts";
import { hash } from "./rng.ts";
import { askingShift } from "./turn.ts";
import { quitRate } from "./user.ts";
import type { Work } from "./work.ts";

/** However readily it asks: what the check is as sure of as this is answered at once. */
const surest = 0.95;

/** P(clear) from which this turn answers at once; Infinity where the policy checks nothing. */
export function clearThreshold(work: Work): number {
  const { policy, asking } = work.turn;
  return policy.gate.clear === null
    ? Number.POSITIVE_INFINITY
    : Math.min(surest, policy.gate.clear + askingShift[asking].clear);
}

/**
 * Is the request clear? Where a selector has learned enough, its expected regret of `answer` decides (the check is among
 * what it sees); else the check's probability does. An endpoint that cannot tell says nothing, so: no.
 */
export function judgedClear(work: Work, clarity: Clarity | null): boolean {
  const { turn } = work;
  const { policy } = turn;
  if (policy.gate.clear === null) return false;
  const candidates = [{ id: "answer", kind: "answer" as const }, ...allowedDrafts(work)];
  const learned = learnedPrior(work, clarity, candidates, null);
  if (learned === null) return clarity !== null && clarity.clear >= clearThreshold(work);
  const { gaussian } = gaussianOf(learned, candidates, shiftsOf(turn, candidates));
  const belief = believe(gaussian, noiseOf(turn, candidates, learned), [], policy.noise, hash(turn.seed, "clear"));
  const behind = (gaussian.mean[belief.leader] ?? 0) - (gaussian.mean[0] ?? 0);
  if (belief.regret + behind <= policy.epsilon) return true;
  if (policy.allocation !== "designed") return false;
  // Looking further costs the drafts and the table before it can bring anything.
  const all = candidates.map((_, index) => index);
  const seed = hash(turn.seed, "value", "clear");
  const block = design(policy, belief, all, expectedCalls, policy.most, policy.first, seed);
  return behind + (block?.net ?? 0) <= policy.kappa * candidates.length;
}

/** Tokens in which a person answers a question. */
const told = 24;

/** What one question costs: its own tokens and its answer's, and the users who leave with what they would have got. */
function questionCost({ turn }: Work, candidates: readonly Candidate[], worth: number): number {
  const question = lengthOfKind(candidates, "ask") ?? lengthOfKind(candidates, "hybrid") ?? 60;
  return -effort(turn.policy.lambda, question + told) + quitRate(turn.rates, 1) * Math.max(0, worth);
}

/**
 * May the leader be released without a rollout? When the prior's expected regret is small enough; or when an answer
 * leads and knowing the intent is worth no more than one question costs (only while the table is trusted).
 */
export function gateOpens(work: Work, field: Field, belief: Belief): boolean {
  const { policy, trust } = work.turn;
  if (policy.gate.regret && field.source !== "none" && belief.regret <= policy.epsilon) return true;
  if (!policy.gate.evpi || trust < 0.5) return false;
  const leader = field.candidates[belief.leader];
  if (leader === undefined || asks(leader.kind)) return false;
  return !worthAsking(work, field);
}

/** Is knowing the intent worth more than a question costs? True where the table has no opinion. */
export function worthAsking(work: Work, field: Field): boolean {
  const { candidates } = field;
  const usual = lengthOfKind(candidates, "answer") ?? lengthOfKind(candidates, "assume") ?? 200;
  const information = informationValue(field, work.turn, work.turn.lengths.answer ?? usual);
  return information === null || information.value > questionCost(work, field.candidates, information.best);
}
