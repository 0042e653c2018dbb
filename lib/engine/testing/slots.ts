import type { Decision } from "../../shared/record.ts";
import { decide } from "../deliberate.ts";
import type { Policy } from "../policy.ts";
import type { Ports } from "../ports.ts";
import { hash } from "../rng.ts";
import type { Turn } from "../turn.ts";
import { type PlayerOptions, playSlots, slotsTurn } from "../worlds/player.ts";
import { type Instance, makeInstance, utilities } from "../worlds/slots.ts";

export const vagueTraffic = { clearShare: 0, partial: false };
export const clearTraffic = { clearShare: 1, partial: false };
export const mixedTraffic = { clearShare: 0.6, partial: false };

/** What is changed about a turn of the `slots` world. */
export interface Variation {
  readonly instance?: (instance: Instance) => Instance;
  readonly turn?: (turn: Turn) => Turn;
  readonly ports?: (ports: Ports) => Ports;
  readonly player?: (instance: Instance) => PlayerOptions;
}

const seedOf = (index: number) => hash(4242, "metamorphic", index);

/** Plays instance `index` of a family under a policy, varied. */
export function play(
  index: number,
  policy: Policy,
  variation: Variation = {},
  traffic = vagueTraffic,
): Promise<Decision> {
  const seed = seedOf(index);
  const made = makeInstance(seed, traffic);
  const instance = variation.instance?.(made) ?? made;
  const turn = slotsTurn(instance, policy, seed);
  const ports = playSlots(instance, variation.player?.(instance) ?? {});
  return decide(variation.turn?.(turn) ?? turn, variation.ports?.(ports) ?? ports);
}

/** Regret of a choice on the vague instance `index`. */
export function regretOf(index: number, chosen: string): number {
  const exact = utilities(makeInstance(seedOf(index), vagueTraffic));
  return Math.max(...Object.values(exact)) - (exact[chosen] ?? Number.NaN);
}

export async function each(n: number, check: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; index < n; index += 1) await check(index);
}

export async function rate(n: number, of: (index: number) => Promise<boolean>): Promise<number> {
  let count = 0;
  await each(n, async (index) => {
    count += Number(await of(index));
  });
  return count / n;
}

export const asked = (record: Decision) => record.chosenId.startsWith("ask") || record.chosenId === "hybrid";
