import type { LoggedTurn } from "../store/statistics.ts";

/** Until so many turns are logged the table is trusted as it is. */
export const turnsNeeded = 30;
/** The share of the table's differences that makes the prior (engine.md section 3.3). */
const tableShare = 0.5;

/**
 * Trust in the table, in [0,1]: the slope of rollout means on what the prior made of the table's rows, both taken within
 * their turn, shrunk towards 1 as if 30 more turns had borne the table out. Candidates without rollouts say nothing.
 */
export function trustOf(turns: readonly LoggedTurn[]): number {
  let told = 0;
  let across = 0;
  let along = 0;
  for (const turn of turns) {
    const points = turn.candidates.flatMap((candidate) => {
      const row = rowMean(candidate.usefulness, turn.weights);
      return row === null || candidate.mean === null
        ? []
        : [{ x: tableShare * row, y: candidate.mean, n: candidate.n }];
    });
    if (points.length < 2) continue;
    told += 1;
    const n = points.reduce((sum, point) => sum + point.n, 0);
    const x = points.reduce((sum, point) => sum + point.n * point.x, 0) / n;
    const y = points.reduce((sum, point) => sum + point.n * point.y, 0) / n;
    for (const point of points) {
      across += point.n * (point.x - x) * (point.y - y);
      along += point.n * (point.x - x) ** 2;
    }
  }
  if (told < turnsNeeded || along === 0) return 1;
  const borneOut = (along / told) * turnsNeeded;
  return Math.min(1, Math.max(0, (across + borneOut) / (along + borneOut)));
}

function rowMean(usefulness: Record<string, number> | null, weights: Record<string, number>): number | null {
  let sum = 0;
  let total = 0;
  for (const [intent, value] of Object.entries(usefulness ?? {})) {
    const weight = weights[intent] ?? 0;
    sum += weight * value;
    total += weight;
  }
  return total > 0 ? sum / total : null;
}
