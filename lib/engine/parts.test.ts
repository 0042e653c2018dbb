import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { explore, nextStep, type Standing, winnerOf } from "./choose.ts";
import { drawsOf, intentPoint, inverseCdf } from "./draws.ts";
import type { Field } from "./field.ts";
import { normalised, otherFloor, readingFloor, tempered } from "./intents.ts";
import { blockTime, fitBlock } from "./plan.ts";
import { balanced, halving, ttts } from "./policy.ts";
import type { Stance } from "./ports.ts";
import { type Belief, believe, priorOf } from "./posterior.ts";
import { tailValue } from "./reward.ts";
import { drawAct, expectedSuccess, liveRates, unnoticed } from "./user.ts";
import { closedForm } from "./worlds/goals.ts";

// Many turns a test: slow on a busy machine, and no statement about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });

describe("intents", () => {
  test("tempered weights sum to 1, keep the floor and leave room for something else", () => {
    fc.assert(
      fc.property(weights, (raw) => {
        const { shares, other } = tempered(raw);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(other).toBeGreaterThanOrEqual(otherFloor);
        for (const share of shares) expect(share * (1 - other)).toBeGreaterThanOrEqual(readingFloor - 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  test("tempering flattens and keeps the order", () => {
    const { shares } = tempered([0.6, 0.3, 0.1]);
    expect(shares[0]).toBeGreaterThan(shares[1] ?? 1);
    expect(shares[1]).toBeGreaterThan(shares[2] ?? 1);
    expect(shares[0]).toBeLessThan(0.6);
  });

  test("weights that cannot be used count as nothing; none usable: equal shares", () => {
    expect(normalised([Number.NaN, -1, 2])).toEqual([0, 0, 1]);
    expect(normalised([0, Number.POSITIVE_INFINITY])).toEqual([0.5, 0.5]);
  });
});

describe("draws", () => {
  test("intents are drawn with their weights, evenly over a turn's blocks", () => {
    const shares = [0.5, 0.3, 0.2];
    const counts = [0, 0, 0];
    for (let seed = 0; seed < 500; seed += 1)
      for (let k = 0; k < 6; k += 1) {
        const place = inverseCdf(shares, intentPoint(seed, k, true));
        counts[place] = (counts[place] ?? 0) + 1;
      }
    // Stratified: far closer than the s.d. of 27 that independent draws would have.
    counts.forEach((count, index) => {
      expect(Math.abs(count - 3000 * (shares[index] ?? 0))).toBeLessThan(60);
    });
  });

  test("a point beyond rounding's reach falls on the last reading that has weight", () => {
    expect(inverseCdf([0.5, 0.5, 0], 0.9999999999999999)).toBe(1);
    expect(inverseCdf([0, 1], 0)).toBe(1);
  });

  test("every draw is uniform, and the same for whoever asks", () => {
    let sum = 0;
    const n = 4000;
    for (let seed = 0; seed < n; seed += 1) {
      const draw = drawsOf(seed, 3, true);
      expect(draw("notice", 1)).toBe(drawsOf(seed, 3, true)("notice", 1));
      sum += draw("notice", 1);
    }
    // S.d. of the mean .0046; five of them.
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(0.023);
  });
});

describe("simulated user", () => {
  const frequency = (of: (seed: number) => boolean, n = 4000): number => {
    let count = 0;
    for (let seed = 0; seed < n; seed += 1) count += Number(of(seed));
    return count / n;
  };
  const act = (kind: Parameters<typeof drawAct>[0], stances: Stance[]) => (seed: number) =>
    drawAct(kind, stances, liveRates, drawsOf(seed, seed % 5, true));

  // S.d. of a frequency at n = 4,000 is at most .008; tolerances are five of the binomial's own.
  test.each([
    ["quits after a question", "ask" as const, ["asked"], (a: ReturnType<typeof drawAct>) => a.type === "quit", 0.05],
    [
      "refuses",
      "ask" as const,
      ["asked"],
      (a: ReturnType<typeof drawAct>) => a.type === "reply" && a.facts[0]?.does === "refuses",
      0.95 * 0.1,
    ],
    [
      "notices a stated wrong assumption",
      "assume" as const,
      ["wrong"],
      (a: ReturnType<typeof drawAct>) => a.type === "reply",
      0.8,
    ],
    [
      "notices an unstated one",
      "answer" as const,
      ["wrong"],
      (a: ReturnType<typeof drawAct>) => a.type === "reply",
      0.3,
    ],
    [
      "takes a hybrid's partial answer and leaves",
      "hybrid" as const,
      ["asked"],
      (a: ReturnType<typeof drawAct>) => a.type === "accept",
      0.05,
    ],
    ["accepts what fits", "answer" as const, ["right"], (a: ReturnType<typeof drawAct>) => a.type === "accept", 1],
  ])("%s at its rate", (_name, kind, stances, happened, rate) => {
    const seen = frequency((seed) => happened(act(kind, stances as Stance[])(seed)));
    expect(Math.abs(seen - rate)).toBeLessThanOrEqual(5 * Math.sqrt((rate * (1 - rate)) / 4000));
  });

  test("tells only what was asked for, corrects only what is wrong", () => {
    const stances: Stance[] = ["asked", "right", "wrong"];
    for (let seed = 0; seed < 500; seed += 1) {
      const done = drawAct("hybrid", stances, liveRates, drawsOf(seed, 0, true));
      if (done.type !== "reply") continue;
      for (const { fact, does } of done.facts) {
        expect(fact).not.toBe(1);
        expect(fact === 0 ? ["tells", "misleads", "refuses"] : ["corrects", "miscorrects"]).toContain(does);
      }
    }
  });

  test("noticing that is forced has the distribution of noticing that happened", () => {
    const stances: Stance[] = ["wrong", "wrong", "wrong"];
    const both = (forced: boolean) => {
      let facts = 0;
      let n = 0;
      for (let seed = 0; seed < 6000; seed += 1) {
        const notices = forced ? true : null;
        const done = drawAct("answer", stances, liveRates, drawsOf(seed, 0, true), 0, 0, { stays: true, notices });
        if (done.type !== "reply") continue;
        facts += done.facts.length;
        n += 1;
      }
      return { mean: facts / n, n };
    };
    expect(both(true).n).toBe(6000);
    expect(both(false).n / 6000).toBeCloseTo(1 - unnoticed("answer", stances, liveRates), 1);
    // Mean number noticed given one at least: 3·.3/(1 − .7³) = 1.370; s.d. of a mean of 3,900 about .009.
    expect(Math.abs(both(true).mean - 1.37)).toBeLessThan(0.04);
    expect(Math.abs(both(false).mean - 1.37)).toBeLessThan(0.05);
  });

  test("expected success is the product over facts", () => {
    const expected = 1 * (0.8 * 0.95) * (0.9 * 0.95);
    expect(expectedSuccess("assume", ["right", "wrong", "asked"], liveRates)).toBeCloseTo(expected, 12);
  });
});

describe("what lies beyond the window", () => {
  test("the tail of a perfect plan is its closed form", () => {
    // V_j = stay^j·1 − c·Σ stay^i with 2^j/n = 1: the last question settles everything.
    for (const j of [1, 2, 3, 4]) expect(tailValue(1, j, 0.02, 0.08)).toBeCloseTo(closedForm(2 ** j, 0.08, 0.02, j), 9);
    expect(tailValue(0.7, 0, 0.1, 0.1)).toBe(0.7);
  });
});

describe("planning", () => {
  const speeds = { reply: 2000, user: 100, assistant: 300, judge: 100, reading: 0, slots: 8, crowding: 2 };

  test("a block takes as many waves as it needs, stretched as the server fills", () => {
    expect(blockTime(1, speeds, false)).toBe(600);
    expect(blockTime(8, speeds, false)).toBe(1200);
    expect(blockTime(9, speeds, false)).toBe(2400);
    expect(blockTime(8, speeds, true)).toBe(800);
    expect(blockTime(8, { ...speeds, reading: 2 }, false, 50)).toBe(1400);
  });

  test("long candidates make a smaller block: their futures read them again and again", () => {
    const plan = { candidates: [2, 0], intents: 3, maxTokens: undefined };
    const slow = { ...speeds, reading: 10 };
    expect(fitBlock(plan, 1200, slow, [10, 900, 10])).toEqual(plan);
    expect(fitBlock(plan, 1200, slow, [10, 10, 90])).toMatchObject({ candidates: [2, 0], intents: 1 });
  });

  test("whatever is planned fits, and nothing smaller was planned than needed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 6000 }),
        (wide, deep, left) => {
          const plan = {
            candidates: Array.from({ length: wide }, (_, index) => index),
            intents: deep,
            maxTokens: undefined,
          };
          const fitted = fitBlock(plan, left, speeds);
          if (fitted === null) {
            expect(blockTime(2, speeds, true)).toBeGreaterThan(left);
            return;
          }
          const shortened = fitted.maxTokens !== undefined;
          expect(blockTime(fitted.candidates.length * fitted.intents, speeds, shortened)).toBeLessThanOrEqual(left);
          if (!shortened && fitted.candidates.length === wide && fitted.intents < deep)
            expect(blockTime(wide * (fitted.intents + 1), speeds, false)).toBeGreaterThan(left);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("choosing", () => {
  const noise = {
    sd: [0.3, 0.3, 0.3, 0.3],
    correlation: [0, 1, 2, 3].map((a) => [0, 1, 2, 3].map((b) => Number(a === b))),
  };
  const beliefOf = (mean: number[], sd: number): Belief =>
    believe(
      priorOf(
        mean,
        mean.map(() => sd),
      ),
      noise,
      [],
      balanced.noise,
      3,
    );
  const kinds = ["answer", "assume", "ask", "hybrid"] as const;
  const field = {
    candidates: kinds.map((kind) => ({ id: kind, kind, text: kind, tokens: 1, finished: true })),
  } as unknown as Field;
  const standing = (belief: Belief, changes: Partial<Standing> = {}): Standing => ({
    belief,
    alive: [0, 1, 2, 3],
    round: 0,
    intents: 0,
    counts: [0, 0, 0, 0],
    callsEach: 2,
    ...changes,
  });

  test("ties fall to the least regretted kind: assume, hybrid, answer, ask", () => {
    const even = beliefOf([0, 0, 0.001, 0], 0.01);
    expect(winnerOf(balanced, even, field)).toBe(1);
    const withoutAssume = beliefOf([0, -1, 0.001, 0], 0.01);
    expect(winnerOf(balanced, withoutAssume, field)).toBe(3);
  });

  test("no tie where one is clearly best, or where much is at stake", () => {
    expect(winnerOf(balanced, beliefOf([0, 0, 0.2, 0], 0.01), field)).toBe(2);
    expect(winnerOf(balanced, beliefOf([0, 0, 0.001, 0], 0.3), field)).toBe(2);
  });

  test("the design leaves out whom it is not worth to try", () => {
    const step = nextStep(balanced, standing(beliefOf([0, 0.02, 0, -0.9], 0.12)), 1);
    expect(step.stop).toBeNull();
    if (step.stop === null) expect(step.candidates).not.toContain(3);
  });

  test("stops: nothing to gain, everything spent, one left", () => {
    expect(nextStep(balanced, standing(beliefOf([0, 0.9, 0, 0], 0.01)), 1).stop).toBe("regret");
    expect(nextStep({ ...balanced, kappa: 1 }, standing(beliefOf([0, 0, 0, 0], 0.12)), 1).stop).toBe("value");
    const spent = standing(beliefOf([0, 0, 0, 0], 0.12), { round: 9 });
    expect(nextStep(balanced, spent, 1).stop).toBe("budget");
    expect(nextStep(balanced, standing(beliefOf([0, 0, 0, 0], 0.12), { alive: [1] }), 1).stop).toBe("single");
  });

  test("sequential halving keeps the better half and stays within its total", () => {
    const policy = halving(4);
    const belief = beliefOf([0, 0.3, 0.2, 0.1], 0.1);
    let total = 0;
    let alive: readonly number[] = [0, 1, 2, 3];
    for (let round = 0; round < policy.rounds; round += 1) {
      const step = nextStep(policy, standing(belief, { round, alive }), 1);
      if (step.stop !== null) throw new Error("halving stopped early");
      total += step.candidates.length * step.intents;
      alive = step.candidates;
    }
    expect(alive).toContain(1);
    expect(alive).toHaveLength(2);
    expect(total).toBeLessThanOrEqual(16);
  });

  test("top-two Thompson sampling plays one candidate a step, the promising ones mostly", () => {
    const belief = beliefOf([0, 0.1, 0.08, -0.5], 0.1);
    const played = [0, 0, 0, 0];
    for (let seed = 0; seed < 300; seed += 1) {
      const step = nextStep(ttts, standing(belief), seed);
      if (step.stop !== null) throw new Error("ttts stopped early");
      expect(step.candidates).toHaveLength(1);
      const [index = 0] = step.candidates;
      played[index] = (played[index] ?? 0) + 1;
    }
    expect((played[1] ?? 0) + (played[2] ?? 0)).toBeGreaterThan(180);
    expect(played[3]).toBeLessThan(30);
  });

  test("exploration: propensities sum to 1, keep the floor, and are those of the draw", () => {
    const policy = { ...balanced, exploration: { share: 0.5, temperature: 0.05, floor: 0.02 } };
    const belief = beliefOf([0, 0.1, 0.05, -0.5], 0.1);
    const counts = [0, 0, 0, 0];
    const n = 4000;
    let said: readonly number[] = [];
    for (let seed = 0; seed < n; seed += 1) {
      const { chosen, propensities } = explore(policy, belief, 1, true, seed);
      counts[chosen] = (counts[chosen] ?? 0) + 1;
      said = propensities;
    }
    expect(said.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    for (const value of said) expect(value).toBeGreaterThanOrEqual(0.5 * 0.02);
    // S.d. of a frequency .008 at most; five of them.
    counts.forEach((count, index) => {
      expect(Math.abs(count / n - (said[index] ?? 0))).toBeLessThan(0.04);
    });
    expect(explore(policy, belief, 1, false, 1)).toEqual({ chosen: 1, propensities: [0, 1, 0, 0], explored: false });
  });
});
