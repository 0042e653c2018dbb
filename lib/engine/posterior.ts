import { cholesky, type Gaussian, gain, makePositive, observe } from "./gaussian.ts";
import { bankReader } from "./rng.ts";

/**
 * What is believed of the candidates' MR. Candidates are coordinates 0 … n−1. A row is what one intent draw showed: the
 * values of the candidates that met it; after elimination or a failed call only the observed coordinates enter.
 */
export interface Row {
  readonly seen: readonly number[];
  readonly values: readonly number[];
}

/** Belief about the noise of one rollout before any was seen: s.d. per candidate and correlation within a row. */
export interface Noise {
  readonly sd: readonly number[];
  /** n×n with ones on the diagonal. */
  readonly correlation: readonly (readonly number[])[];
}

/** How much an observed covariance counts against the believed one, and what uncertainty about it is worth. */
export interface NoiseModel {
  /** ν0: the believed Σ0 weighs as much as this many rows. */
  readonly strength: number;
  /** Factor on Σ, the paper-free 1.2 of engine.md: a Gaussian with an estimated covariance is too sure of itself. */
  readonly inflation: number;
  /**
   * ν1: belief that Σ0 is as large as it says, in degrees of freedom. One factor for all of it is learned from every
   * candidate at once, long before its entries can be; Infinity: Σ0 is taken as it is.
   */
  readonly size: number;
}

export interface Belief extends Gaussian {
  /** P(best) per candidate; sums to 1. */
  readonly best: readonly number[];
  /** ER = E max μ − max of the means ≥ 0, in units of MR. */
  readonly regret: number;
  /** E max μ. */
  readonly top: number;
  /** Coordinate of the highest mean (the first of equals). */
  readonly leader: number;
  /** Σ of one rollout as now estimated, n×n. */
  readonly noise: Float64Array;
}

export const drawCount = 400;
/** Variance of the level all candidates share, which a choice between them never needs to know. */
const level = 25;

/** N(m, D C D + level·11ᵀ). @param sd > 0 per candidate @param correlation of the errors, n×n, identity where absent */
export function priorOf(
  mean: readonly number[],
  sd: readonly number[],
  correlation?: readonly (readonly number[])[],
): Gaussian {
  const n = mean.length;
  const covariance = new Float64Array(n * n);
  for (let a = 0; a < n; a += 1)
    for (let b = 0; b < n; b += 1)
      covariance[a * n + b] = (sd[a] ?? 0) * (sd[b] ?? 0) * (a === b ? 1 : (correlation?.[a]?.[b] ?? 0));
  makePositive(covariance, n);
  for (let at = 0; at < n * n; at += 1) covariance[at] = (covariance[at] ?? 0) + level;
  return { mean: Float64Array.from(mean), covariance };
}

/** Σ = inflation·(ν0 f Σ0 + Σ_k d_k d_kᵀ)/(ν0 + n − 1), f as in `sizeOf`, pairwise where rows are incomplete. */
export function pooledNoise(noise: Noise, rows: readonly Row[], model: NoiseModel): Float64Array {
  const n = noise.sd.length;
  const counts = new Float64Array(n);
  const means = new Float64Array(n);
  for (const row of rows)
    row.seen.forEach((coordinate, index) => {
      counts[coordinate] = (counts[coordinate] ?? 0) + 1;
      means[coordinate] = (means[coordinate] ?? 0) + (row.values[index] ?? 0);
    });
  for (let a = 0; a < n; a += 1) means[a] = (means[a] ?? 0) / Math.max(1, counts[a] ?? 0);
  const scatter = new Float64Array(n * n);
  const pairs = new Float64Array(n * n);
  for (const row of rows)
    for (let i = 0; i < row.seen.length; i += 1)
      for (let j = 0; j < row.seen.length; j += 1) {
        const a = row.seen[i] ?? 0;
        const b = row.seen[j] ?? 0;
        const at = a * n + b;
        scatter[at] =
          (scatter[at] ?? 0) + ((row.values[i] ?? 0) - (means[a] ?? 0)) * ((row.values[j] ?? 0) - (means[b] ?? 0));
        pairs[at] = (pairs[at] ?? 0) + 1;
      }
  const pooled = new Float64Array(n * n);
  const size = sizeOf(noise, rows, model.size);
  for (let a = 0; a < n; a += 1)
    for (let b = 0; b < n; b += 1) {
      const at = a * n + b;
      const believed = size * believedAt(noise, a, b);
      const freedom = model.strength + Math.max(1, pairs[at] ?? 0) - 1;
      pooled[at] = (model.inflation * (model.strength * believed + (scatter[at] ?? 0))) / freedom;
    }
  return makePositive(pooled, n);
}

const believedAt = (noise: Noise, a: number, b: number): number =>
  (noise.sd[a] ?? 0) * (noise.sd[b] ?? 0) * (noise.correlation[a]?.[b] ?? 0);

/**
 * f = (ν1 + df·seen/believed)/(ν1 + df): how large the differences between candidates vary against what Σ0 says. Each pair is
 * measured on the rows that both were in, round its mean there: the best two meet more intents than the others.
 */
function sizeOf(noise: Noise, rows: readonly Row[], strength: number): number {
  const n = noise.sd.length;
  const count = new Float64Array(n * n);
  const sum = new Float64Array(n * n);
  const squares = new Float64Array(n * n);
  for (const row of rows)
    for (let i = 0; i < row.seen.length; i += 1)
      for (let j = 0; j < row.seen.length; j += 1) {
        if ((row.seen[j] ?? 0) >= (row.seen[i] ?? 0)) continue;
        const at = (row.seen[i] ?? 0) * n + (row.seen[j] ?? 0);
        const difference = (row.values[i] ?? 0) - (row.values[j] ?? 0);
        count[at] = (count[at] ?? 0) + 1;
        sum[at] = (sum[at] ?? 0) + difference;
        squares[at] = (squares[at] ?? 0) + difference * difference;
      }
  let seen = 0;
  let believed = 0;
  let freedom = 0;
  for (let a = 0; a < n; a += 1)
    for (let b = 0; b < a; b += 1) {
      const at = a * n + b;
      const free = (count[at] ?? 0) - 1;
      if (free < 1) continue;
      seen += (squares[at] ?? 0) - (sum[at] ?? 0) ** 2 / (free + 1);
      believed += free * (believedAt(noise, a, a) + believedAt(noise, b, b) - 2 * believedAt(noise, a, b));
      // n candidates have n − 1 differences that are free, in n·(n−1)/2 pairs.
      freedom += (2 * free) / n;
    }
  return believed > 0 && Number.isFinite(strength)
    ? (strength + (freedom * seen) / believed) / (strength + freedom)
    : 1;
}

/** P(best), expected regret and leader of a Gaussian, from 400 seeded antithetic draws. */
function judge(gaussian: Gaussian, noise: Float64Array, seed: number): Belief {
  const n = gaussian.mean.length;
  const lower = cholesky(withoutLevel(gaussian.covariance, n), n);
  const next = bankReader(seed);
  const wins = new Float64Array(n);
  const z = new Float64Array(n);
  let total = 0;
  for (let half = 0; half < drawCount / 2; half += 1) {
    for (let a = 0; a < n; a += 1) z[a] = next();
    for (let sign = -1; sign <= 1; sign += 2) {
      let most = Number.NEGATIVE_INFINITY;
      let winner = 0;
      for (let a = 0; a < n; a += 1) {
        let value = gaussian.mean[a] ?? 0;
        for (let k = 0; k <= a; k += 1) value += sign * (lower[a * n + k] ?? 0) * (z[k] ?? 0);
        if (value > most) {
          most = value;
          winner = a;
        }
      }
      wins[winner] = (wins[winner] ?? 0) + 1;
      total += most;
    }
  }
  let leader = 0;
  for (let a = 1; a < n; a += 1) if ((gaussian.mean[a] ?? 0) > (gaussian.mean[leader] ?? 0)) leader = a;
  const top = total / drawCount;
  return {
    mean: gaussian.mean,
    covariance: gaussian.covariance,
    noise,
    best: Array.from(wins, (count) => count / drawCount),
    top,
    regret: n < 2 ? 0 : Math.max(0, top - (gaussian.mean[leader] ?? 0)),
    leader,
  };
}

/**
 * Takes the shared level out of a covariance: subtracts the most that can be subtracted everywhere without changing a
 * difference. Draws of differences are then exact while nothing drowns in the level's variance.
 */
function withoutLevel(covariance: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n);
  let grand = 0;
  for (let a = 0; a < n; a += 1) {
    for (let b = 0; b < n; b += 1) means[a] = (means[a] ?? 0) + (covariance[a * n + b] ?? 0) / n;
    grand += (means[a] ?? 0) / n;
  }
  const centred = new Float64Array(n * n);
  for (let a = 0; a < n; a += 1)
    for (let b = 0; b < n; b += 1)
      centred[a * n + b] = (covariance[a * n + b] ?? 0) - (means[a] ?? 0) - (means[b] ?? 0) + grand;
  return centred;
}

/** The belief after `rows`. @param seed of the 400 draws */
export function believe(prior: Gaussian, noise: Noise, rows: readonly Row[], model: NoiseModel, seed: number): Belief {
  const pooled = pooledNoise(noise, rows, model);
  let gaussian = prior;
  for (const row of rows) gaussian = observe(gaussian, pooled, row.seen, row.values);
  return judge(gaussian, pooled, seed);
}

/**
 * The value of one more block (a knowledge gradient): how much the best mean is expected to rise if every candidate of
 * `seen` met `repeats` more intents. In units of MR, ≥ 0.
 */
export function valueOfBlock(belief: Belief, seen: readonly number[], repeats: number, seed: number): number {
  const n = belief.mean.length;
  const { change } = gain(belief.covariance, belief.noise, n, seen, repeats);
  const lower = cholesky(withoutLevel(change, n), n);
  const next = bankReader(seed);
  const z = new Float64Array(n);
  let total = 0;
  const pairs = 100;
  for (let half = 0; half < pairs; half += 1) {
    for (let a = 0; a < n; a += 1) z[a] = next();
    for (let sign = -1; sign <= 1; sign += 2) {
      let most = Number.NEGATIVE_INFINITY;
      for (let a = 0; a < n; a += 1) {
        let value = belief.mean[a] ?? 0;
        for (let k = 0; k <= a; k += 1) value += sign * (lower[a * n + k] ?? 0) * (z[k] ?? 0);
        if (value > most) most = value;
      }
      total += most;
    }
  }
  return Math.max(0, total / (2 * pairs) - (belief.mean[belief.leader] ?? 0));
}
