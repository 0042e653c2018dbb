import { createHash } from "node:crypto";

/** A seeded stream of numbers in [0,1) (mulberry32): the same seed gives the same stream on every machine. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number in [0,1) that depends on the text alone. */
export function hashed(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 4294967296;
}
