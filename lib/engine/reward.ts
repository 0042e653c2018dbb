import type { Score } from "./ports.ts";

/** The parts of one rollout's reward. `total` = extrinsic + cost + interaction = MR of this rollout. */
export interface Reward {
  /** R_ext: success in [0,1]. */
  readonly extrinsic: number;
  /** −min(λ·tokens, 1). */
  readonly cost: number;
  /** w_J·(R_LLM − mean of its kind). */
  readonly interaction: number;
  /** R_LLM as judged; null where not asked for. */
  readonly judge: number | null;
  /** The table's value of what lay beyond the last simulated turn; null where the future ended inside. */
  readonly tail: number | null;
  readonly total: number;
}

/** −min(λ·tokens, 1). @param tokens ≥ 0 */
export function effort(lambda: number, tokens: number): number {
  return -Math.min(lambda * Math.max(0, tokens), 1);
}

/** Predicted full length in tokens: the reply's own where it is whole, else at least the usual one; null = none is known. */
export function fullLength(
  reply: { readonly tokens: number; readonly finished: boolean },
  usual: number | null,
): number {
  return reply.finished || usual === null ? reply.tokens : Math.max(reply.tokens, usual);
}

/** Puts a score and a length together. Throws RangeError where a number is not finite: such a rollout has failed. */
export function rewardOf(
  score: Pick<Score, "success" | "interactivity">,
  tail: number | null,
  tokens: number,
  weights: { readonly lambda: number; readonly interactivity: number },
  kindMean: number,
): Reward {
  const extrinsic = tail ?? score.success;
  const cost = effort(weights.lambda, tokens);
  const interaction = score.interactivity === null ? 0 : weights.interactivity * (score.interactivity - kindMean);
  const total = extrinsic + cost + interaction;
  if (!Number.isFinite(total)) throw new RangeError("a reward that is not a finite number");
  return { extrinsic, cost, interaction, judge: score.interactivity, tail, total };
}

/** No table's word is taken for more questions than this: nobody stays through them, and the sum must end. */
export const mostQuestions = 8;

/**
 * What the rest of a conversation is worth when `questions` more are needed: usefulness if the user stays through all of
 * them, less what each costs while they do. V = u(1−h)^j − c·Σ_{i<j}(1−h)^i, fractions of a question counted as such.
 */
export function tailValue(usefulness: number, questions: number, quits: number, questionCost: number): number {
  const stay = 1 - quits;
  let value = 0;
  let staying = 1;
  let left = Math.min(mostQuestions, Math.max(0, questions));
  while (left > 0) {
    const step = Math.min(1, left);
    value -= questionCost * step * staying;
    staying *= stay ** step;
    left -= step;
  }
  return value + usefulness * staying;
}

/**
 * The reward of a future in which the user stays, mixed with that of leaving at a question: success nothing, the effort up
 * to there, the same interaction. @param staying probability in [0,1] of having stayed @param left Σ P(leaving)·effort
 */
export function mixed(reward: Reward, staying: number, left: number): Reward {
  const extrinsic = staying * reward.extrinsic;
  const cost = staying * reward.cost + left;
  return { ...reward, extrinsic, cost, total: extrinsic + cost + reward.interaction };
}

/** Two ways one future may go, with the probability of the first. */
export function weighted(first: Reward, second: Reward, chance: number): Reward {
  const mean = (a: number, b: number) => chance * a + (1 - chance) * b;
  return {
    extrinsic: mean(first.extrinsic, second.extrinsic),
    cost: mean(first.cost, second.cost),
    interaction: mean(first.interaction, second.interaction),
    judge: first.judge === null || second.judge === null ? second.judge : mean(first.judge, second.judge),
    tail: second.tail,
    total: mean(first.total, second.total),
  };
}
