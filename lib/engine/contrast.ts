import type { Decision } from "../shared/record.ts";
import type { Field } from "./field.ts";
import type { Belief, Row } from "./posterior.ts";

/** Coverage of the interval the record shows, and its half-width in s.d. */
const level = 0.8;
const halfWidth = 1.2816;

/**
 * Chosen minus the best candidate of another kind: the only comparison the record claims. Never the winner's own raw
 * mean, which is inflated by having won. Null where all candidates are of one kind.
 */
export function contrastOf(field: Field, belief: Belief, chosenId: string, rows: readonly Row[]): Decision["contrast"] {
  const n = field.candidates.length;
  const chosen = field.candidates.findIndex((candidate) => candidate.id === chosenId);
  const kind = field.candidates[chosen]?.kind;
  let other = -1;
  field.candidates.forEach((candidate, index) => {
    if (candidate.kind === kind) return;
    if (other < 0 || (belief.mean[index] ?? 0) > (belief.mean[other] ?? 0)) other = index;
  });
  const rival = field.candidates[other];
  if (chosen < 0 || rival === undefined) return null;
  const at = (a: number, b: number) => belief.covariance[a * n + b] ?? 0;
  const mean = (belief.mean[chosen] ?? 0) - (belief.mean[other] ?? 0);
  const sd = Math.sqrt(Math.max(0, at(chosen, chosen) + at(other, other) - 2 * at(chosen, other)));
  const lo = mean - halfWidth * sd;
  const hi = mean + halfWidth * sd;
  const shared = rows.filter((row) => row.seen.includes(chosen) && row.seen.includes(other)).length;
  return { chosenId, otherId: rival.id, mean, lo, hi, level, n: shared, tooClose: lo <= 0 && hi >= 0 };
}
