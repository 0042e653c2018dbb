import { firstNoise, type LoggedNoise } from "./turn.ts";

/** How the totals of logged rollouts scatter round their candidate's mean of their turn, summed up over turns. */
export interface LoggedScatter {
  /** Turns that were rolled out. */
  readonly turns: number;
  /** Σ d², and the degrees of freedom behind it. */
  readonly squares: number;
  readonly freedom: number;
  /** Σ d_a d_b over pairs of candidates that met the same draw of an intent, and the degrees of freedom behind it. */
  readonly products: number;
  readonly pairFreedom: number;
}

/** Σ0 stays what it was believed at first until so many turns are logged, and then weighs as much as so many rollouts. */
const firstTurns = 50;
const strength = 100;
/** A judge that gives everything the same score would make the engine sure of nothing at all. */
const leastSd = 0.1;
const mostCorrelation = 0.9;

/** Σ0 from logs (engine.md 3.7): s.d. of one rollout's MR, and its correlation within a row. */
export function noiseFrom(log: LoggedScatter): LoggedNoise {
  if (log.turns < firstTurns) return firstNoise;
  const believed = firstNoise.sd ** 2;
  const variance = (strength * believed + log.squares) / (strength + log.freedom);
  const covariance = (strength * believed * firstNoise.correlation + log.products) / (strength + log.pairFreedom);
  const correlation = Math.min(mostCorrelation, Math.max(0, covariance / variance));
  return { sd: Math.max(leastSd, Math.sqrt(variance)), correlation };
}
