import { words } from "../shared/text.ts";
import type { Intent, Table } from "./ports.ts";

/** A reading as the engine holds it. */
export interface Reading {
  readonly intent: Intent;
  /** π among the readings that can be simulated; these sum to 1. */
  readonly share: number;
  /** Place of its column in the table. */
  readonly column: number;
  /** Words of the text, to notice a leak. */
  readonly length: number;
}

export interface Readings {
  readonly list: readonly Reading[];
  /** Weight of "something else", 0 for exact tables. */
  readonly other: number;
}

export const otherFloor = 0.1;
export const readingFloor = 0.05;
const temper = 0.7;

const usable = (weight: number): number => (Number.isFinite(weight) && weight > 0 ? weight : 0);

/** Scales non-negative numbers to sum 1; all zero or none usable: equal shares. */
export function normalised(weights: readonly number[]): number[] {
  const clean = weights.map(usable);
  const sum = clean.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? clean.map((weight) => weight / sum) : clean.map(() => 1 / clean.length);
}

/**
 * A model's raw probabilities made usable: π ∝ p^0.7, none under the floor of 0.05, and room for "something else"
 * (0.10, or what the model itself left over where that is more).
 */
export function tempered(weights: readonly number[]): { shares: number[]; other: number } {
  const clean = weights.map(usable);
  const left = 1 - clean.reduce((total, weight) => total + weight, 0);
  const other = Math.min(0.5, Math.max(otherFloor, left));
  let shares = normalised(normalised(weights).map((weight) => weight ** temper));
  // Lifting some to the floor lowers the others, perhaps below it: as often as there are readings is enough.
  const floor = Math.min(readingFloor / (1 - other), 1 / Math.max(1, shares.length));
  for (let pass = 0; pass < shares.length; pass += 1) {
    const low = shares.filter((share) => share <= floor).length;
    const free = shares.reduce((total, share) => total + (share > floor ? share : 0), 0);
    if (free <= 0) break;
    shares = shares.map((share) => (share <= floor ? floor : (share / free) * (1 - floor * low)));
  }
  return { shares: normalised(shares), other };
}

/**
 * The readings of a table. "Something else" has a weight but cannot be simulated; as its utility is the mean of the others
 * less 0.1 for every candidate alike, it moves no choice between them and rollouts draw from the real readings alone.
 */
export function readingsOf(table: Table): Readings {
  const weights = table.intents.map((intent) => intent.weight);
  const { shares, other } = table.raw ? tempered(weights) : { shares: normalised(weights), other: 0 };
  const list = table.intents.map((intent, column) => ({
    intent,
    share: shares[column] ?? 0,
    column,
    length: words(intent.text).length,
  }));
  return { list, other };
}

/**
 * The order in which readings stand on the line that stratified draws fall on: by how much they favour one candidate over
 * another (`contrast`, by column), so that neighbours are alike and even draws are evenly unlike; then by id, so that
 * permuting the readings changes nothing.
 */
export function ordered(readings: readonly Reading[], contrast: (column: number) => number): Reading[] {
  const keyed = readings.map((reading) => ({ reading, key: contrast(reading.column) }));
  keyed.sort((a, b) => a.key - b.key || (a.reading.intent.id < b.reading.intent.id ? -1 : 1));
  return keyed.map(({ reading }) => reading);
}
