import { createHash } from "node:crypto";

/** Uniform in [0,1). */
export type Random = () => number;

/** mulberry32: small, and good enough for latencies and faults. */
export function randomOf(...seeds: (string | number)[]): Random {
  let state = createHash("sha256").update(seeds.join("\u0000")).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal, by Box and Muller. */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
