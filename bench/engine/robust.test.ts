import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Score } from "../../lib/engine/ports.ts";
import { hash } from "../../lib/engine/rng.ts";
import { type PlayerOptions, playSlots } from "../../lib/engine/worlds/player.ts";
import { makeInstance } from "../../lib/engine/worlds/slots.ts";
import { assumeStream, degradations, playStream, type StreamKind } from "./robust.ts";

// Many turns a test: slow on a busy machine, and no statement about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const seeds = Array.from({ length: 8 }, (_, index) => hash(31, "trust", index));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Mean regret over the turns of all streams. */
async function regretOf(kind: StreamKind): Promise<number> {
  const streams: number[] = [];
  for (const seed of seeds) streams.push(mean(await playStream(kind, seed)));
  return mean(streams);
}

describe("what is degraded", () => {
  const instance = makeInstance(7, { clearShare: 0, partial: false });
  const of = (name: string) => {
    const found = degradations.find((degradation) => degradation.name === name);
    if (!found) throw new Error(`no degradation is called ${name}`);
    return found.options?.(instance, 1) ?? {};
  };

  test.each([
    ["10 % of readings are nobody's", 0.1],
    ["50 % of readings are nobody's", 0.5],
  ])("%s: no person has them, the rest is as it was", (name, share) => {
    let invented = 0;
    let all = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const made = makeInstance(seed, { clearShare: 0, partial: false });
      const degradation = degradations.find((one) => one.name === name);
      const believed = [...(degradation?.options?.(made, seed).believed?.() ?? [])];
      expect(new Set(believed.map(({ values }) => values.join())).size).toBe(believed.length);
      expect(believed.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
      const strange = believed.filter(({ values }) =>
        values.some((value, slot) => value >= (made.p[slot]?.length ?? 0)),
      );
      for (const { values } of strange)
        expect(values.filter((value, slot) => value >= (made.p[slot]?.length ?? 0))).toHaveLength(1);
      const kept = believed.length - strange.length;
      const goalsOf = made.p.reduce((product, values) => product * values.length, 1);
      invented += goalsOf - kept;
      all += goalsOf;
    }
    // 3,250 goals: s.d. of the share .0088 at most; 3.4 of them, on fixed seeds.
    expect(Math.abs(invented / all - share)).toBeLessThan(0.03);
  });

  test("a judge's noise doubled is doubled in success and in R_LLM", async () => {
    const spread = async (options: PlayerOptions, pick: (score: Score) => number) => {
      const { judge } = playSlots(instance, options);
      const candidate = { id: "answer", kind: "answer" as const, text: "answer: s1v0", tokens: 300, finished: true };
      const history = [{ role: "assistant" as const, text: candidate.text }];
      const intent = { id: "g", text: "s1v0", weight: 1 };
      const signal = new AbortController().signal;
      const call = { history, intent, candidate, acts: [], outcome: "graded" as const, signal };
      const values: number[] = [];
      for (let seed = 0; seed < 2000; seed += 1)
        values.push(pick(await judge({ ...call, priority: "background", seed: hash(seed, "judge") })));
      const middle = mean(values);
      return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
    };
    // S.e. of a ratio of two such s.d. is .02 × 2.2; a rounding to tenths takes a little off the smaller one's.
    for (const pick of [({ success }: Score) => success, ({ interactivity }: Score) => interactivity ?? Number.NaN]) {
      const ratio = (await spread(of("judge noise doubled"), pick)) / (await spread({}, pick));
      expect(ratio).toBeGreaterThan(1.8);
      expect(ratio).toBeLessThan(2.2);
    }
  });
});

describe("over 200 turns", () => {
  let withoutTable: number;
  beforeAll(async () => {
    withoutTable = await regretOf("none");
  });

  /**
   * Measured on 24 streams: .0030 and .0040 more than without a table, with an s.d. of .0069 and .0059 between streams. Of a mean
   * of 8 that is .0024 and .0021, so the mark of .01 is 2.9 s.d. away: on new seeds missed by chance once in 500. The same
   * streams without learning lose .07 and .13.
   */
  test.each(["useless", "inverted"] as const)("a table that is %s ends within .01 of no table", async (kind) => {
    expect((await regretOf(kind)) - withoutTable).toBeLessThan(0.01);
  });

  // Half of the goals unknown and all the rest wrong as well. Measured on 24 streams: .0056 less than always assuming, s.d.
  // .0042, of a mean of 8 .0015: by chance under 0 once in 10,000. Without trust it loses about .1.
  test("with everything wrong it stays under always assuming", async () => {
    expect(await regretOf("everything")).toBeLessThan(mean(seeds.map((seed) => mean(assumeStream(seed)))));
  });
});
