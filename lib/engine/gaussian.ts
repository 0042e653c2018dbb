/** Small dense Gaussians. Matrices are row-major Float64Array of n×n; n is the number of candidates, at most about ten. */

/**
 * Lower Cholesky factor. Where rounding or missing observations left the matrix not quite positive definite, the pivot
 * is lifted to a hair above zero: a direction without spread then stays without spread.
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * n + column] ?? 0;
      for (let k = 0; k < column; k += 1) sum -= (lower[row * n + k] ?? 0) * (lower[column * n + k] ?? 0);
      if (row === column) lower[row * n + row] = Math.sqrt(Math.max(sum, 1e-12));
      else lower[row * n + column] = sum / (lower[column * n + column] ?? 1);
    }
  }
  return lower;
}

/**
 * Makes a covariance that was put together entry by entry (incomplete rows, clipped correlations) a proper one: shrinks
 * its correlations until every direction has at least a fiftieth of its coordinate's variance. Changes `matrix` in place.
 */
export function makePositive(matrix: Float64Array, n: number): Float64Array {
  for (let pass = 0; pass < 40; pass += 1) {
    const lower = cholesky(matrix, n);
    let proper = true;
    for (let a = 0; a < n; a += 1) if ((lower[a * n + a] ?? 0) ** 2 < 0.02 * (matrix[a * n + a] ?? 0)) proper = false;
    if (proper) return matrix;
    for (let a = 0; a < n; a += 1)
      for (let b = 0; b < n; b += 1) if (a !== b) matrix[a * n + b] = 0.9 * (matrix[a * n + b] ?? 0);
  }
  return matrix;
}

/** Solves (L Lᵀ) x = b in place of a copy. */
export function solve(lower: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let row = 0; row < n; row += 1) {
    let sum = x[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (lower[row * n + k] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * n + row] ?? 1);
  }
  for (let row = n - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? 0;
    for (let k = row + 1; k < n; k += 1) sum -= (lower[k * n + row] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * n + row] ?? 1);
  }
  return x;
}

/** A Gaussian over n numbers. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/**
 * The gain G = P[:,S] (P[S,S] + noise[S,S]/r)⁻¹ of observing coordinates S through noise (n rows of |S|), with the
 * change of mean's covariance G P[S,:] (n×n).
 */
export function gain(
  covariance: Float64Array,
  noise: Float64Array,
  n: number,
  seen: readonly number[],
  repeats: number,
): { gain: Float64Array; change: Float64Array } {
  const s = seen.length;
  const total = new Float64Array(s * s);
  for (let a = 0; a < s; a += 1) {
    for (let b = 0; b < s; b += 1) {
      const at = (seen[a] ?? 0) * n + (seen[b] ?? 0);
      total[a * s + b] = (covariance[at] ?? 0) + (noise[at] ?? 0) / repeats;
    }
  }
  const lower = cholesky(total, s);
  const matrix = new Float64Array(n * s);
  const change = new Float64Array(n * n);
  const across = new Float64Array(s);
  for (let row = 0; row < n; row += 1) {
    for (let a = 0; a < s; a += 1) across[a] = covariance[row * n + (seen[a] ?? 0)] ?? 0;
    const weights = solve(lower, s, across);
    for (let a = 0; a < s; a += 1) matrix[row * s + a] = weights[a] ?? 0;
    for (let column = 0; column < n; column += 1) {
      let sum = 0;
      for (let a = 0; a < s; a += 1) sum += (weights[a] ?? 0) * (covariance[(seen[a] ?? 0) * n + column] ?? 0);
      change[row * n + column] = sum;
    }
  }
  return { gain: matrix, change };
}

/** The Gaussian after seeing `values` of coordinates `seen` once, through `noise`. */
export function observe(
  prior: Gaussian,
  noise: Float64Array,
  seen: readonly number[],
  values: readonly number[],
): Gaussian {
  const n = prior.mean.length;
  const s = seen.length;
  if (s === 0) return prior;
  const { gain: weights, change } = gain(prior.covariance, noise, n, seen, 1);
  const mean = Float64Array.from(prior.mean);
  for (let row = 0; row < n; row += 1) {
    let sum = 0;
    for (let a = 0; a < s; a += 1)
      sum += (weights[row * s + a] ?? 0) * ((values[a] ?? 0) - (prior.mean[seen[a] ?? 0] ?? 0));
    mean[row] = (mean[row] ?? 0) + sum;
  }
  const covariance = new Float64Array(n * n);
  for (let row = 0; row < n; row += 1)
    for (let column = 0; column < n; column += 1)
      covariance[row * n + column] =
        ((prior.covariance[row * n + column] ?? 0) + (prior.covariance[column * n + row] ?? 0)) / 2 -
        ((change[row * n + column] ?? 0) + (change[column * n + row] ?? 0)) / 2;
  return { mean, covariance };
}
