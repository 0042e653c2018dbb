import { decide } from "../../lib/engine/deliberate.ts";
import type { Policy } from "../../lib/engine/policy.ts";
import { hash } from "../../lib/engine/rng.ts";
import { depth, goalsTurn, goalUtilities, makeGoals, playGoals } from "../../lib/engine/worlds/goals.ts";
import { playSlots, slotsTurn, usefulStances } from "../../lib/engine/worlds/player.ts";
import { type SelectorModel, selectorPort, trainSelector } from "../../lib/engine/worlds/selector.ts";
import { makeInstance, type SlotTraffic, utilities } from "../../lib/engine/worlds/slots.ts";
import type { Decision } from "../../lib/shared/record.ts";
import { type Stopwatch, timed } from "./own.ts";

export const settingNames = ["slots-ambiguous", "slots-mixed", "slots-ambiguous-cold", "goals"] as const;
export type SettingName = (typeof settingNames)[number];

const traffic: Readonly<Record<Exclude<SettingName, "goals">, SlotTraffic>> = {
  "slots-ambiguous": { clearShare: 0, partial: false },
  "slots-mixed": { clearShare: 0.6, partial: false },
  "slots-ambiguous-cold": { clearShare: 0, partial: false },
};

const unread = (): Stopwatch => ({ ms: 0 });

/** One instance of a setting, ready to be played by any policy. */
export interface Problem {
  readonly utilities: Readonly<Record<string, number>>;
  readonly clear: boolean;
  /**
   * `useful`: the table has opinions of its own (for policies that live by them), not only weights. `world` is given the time
   * that the world took to play, which is none of the engine's.
   */
  play(policy: Policy, useful: boolean, world?: Stopwatch): Promise<Decision>;
  /** The instance in engine.md's symbols. */
  describe(): Record<string, unknown>;
}

/** What has to be learned before a setting can be played; plain data, so that workers can be handed it. */
export async function learn(setting: SettingName): Promise<SelectorModel | null> {
  return setting === "slots-ambiguous" || setting === "slots-mixed" ? trainSelector(traffic[setting]) : null;
}

/** Instance `index` of a setting: seed hash(seed, setting, index), the turn's seed hashed from it once more. */
export function problemOf(setting: SettingName, model: SelectorModel | null, seed: number, index: number): Problem {
  const own = hash(seed, setting, index);
  const turnSeed = hash(own, "turn");
  if (setting === "goals") {
    const instance = makeGoals(own);
    return {
      utilities: goalUtilities(instance),
      clear: false,
      play: (policy, _useful, world = unread()) =>
        decide(goalsTurn(instance, policy, turnSeed), timed(playGoals(instance), world)),
      describe: () => ({ p: instance.p, attributes: instance.attributes, c: instance.c, h: instance.h, depth }),
    };
  }
  const instance = makeInstance(own, traffic[setting]);
  return {
    utilities: utilities(instance),
    clear: instance.clear,
    play: (policy, useful, world = unread()) => {
      const ports = playSlots(instance, {
        ...(model && !useful ? { selector: selectorPort(model, instance, own) } : {}),
        ...(useful ? { usefulness: usefulStances } : {}),
      });
      return decide(slotsTurn(instance, policy, turnSeed), timed(ports, world));
    },
    describe: () => {
      const { p, eta, hQ, hx, hH, cD, cA, cH, q, partial } = instance;
      return { partial, p, eta, hQ, hx, hH, cD, cA, cH, q };
    },
  };
}
