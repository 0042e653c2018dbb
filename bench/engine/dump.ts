import type { SliceResult } from "./worker.ts";

/**
 * An entry of `--dump`: the instance in engine.md's symbols, exact utilities, and what parley chose (null where it did not
 * take part). `slots`: partial, p, eta, hQ, hx, hH, cD, cA, cH, q. `goals`: p, attributes (a bitmask per goal), c, h, and
 * depth, the questions a conversation may hold.
 */
export function dumpEntry(setting: string, names: readonly string[], result: SliceResult): Record<string, unknown> {
  const { instance, utilities, played } = result;
  return { setting, ...instance, utilities, chosen: played[names.indexOf("parley")]?.chosen ?? null };
}
