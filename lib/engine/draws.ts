import { hash, uniform } from "./rng.ts";

/**
 * The simulated user's draws. Keyed by (turn seed, number of the intent draw, name, index) and by nothing else: every
 * candidate of a block meets the same user, whatever the order in which cells finish.
 *
 * Over the draws of a turn each (name, index) walks a lattice of its own, u_k = frac(u_0 + k·√prime): uniform for every
 * k, and spread evenly over the blocks of a turn, so that three blocks do not all meet a user who quits.
 */
const names = ["quit", "refuse", "wrong", "notice", "pick", "match", "volunteer", "leave"] as const;
export type DrawName = (typeof names)[number];

const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239,
  241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311,
];
const fraction = (value: number): number => value - Math.floor(value);
const steps = primes.map((prime) => fraction(Math.sqrt(prime)));
const places: Readonly<Record<DrawName, number>> = {
  quit: 0,
  refuse: 1,
  wrong: 2,
  notice: 3,
  pick: 4,
  match: 5,
  volunteer: 6,
  leave: 7,
};

/** A named draw in [0,1). `index`: which fact, or which simulated turn. */
export type Draw = (name: DrawName, index: number) => number;

/**
 * The draws of intent draw number `k` (from 0, over the whole turn).
 * @param spread true for paired blocks (lattice); false for independent draws of one candidate, whose id is in `owner`.
 */
export function drawsOf(seed: number, k: number, spread: boolean, owner = ""): Draw {
  if (!spread) return (name, index) => uniform(seed, "user", owner, k, name, index);
  return (name, index) => {
    const place = places[name];
    const step = steps[(place + index * names.length) % steps.length] ?? 0.618034;
    return fraction(hash(seed, "user", place, index) / 4294967296 + k * step);
  };
}

/** Where intent draw `k` falls on the weights' cumulative sum: u_k = frac(u_0 + 0.618034·k), or independent. */
export function intentPoint(seed: number, k: number, spread: boolean, owner = ""): number {
  if (!spread) return uniform(seed, "intent", owner, k);
  return fraction(uniform(seed, "intent") + 0.618034 * k);
}

/** Index of the weight in which `point` in [0,1) falls. `weights` ≥ 0 with sum 1. */
export function inverseCdf(weights: readonly number[], point: number): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index += 1) {
    sum += weights[index] ?? 0;
    if (point < sum) return index;
  }
  for (let index = weights.length - 1; index > 0; index -= 1) if ((weights[index] ?? 0) > 0) return index;
  return 0;
}
