import { describe, expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { auc } from "./auc.ts";
import { bootstrap, quantile } from "./bootstrap.ts";
import { calibrationError, reliability } from "./calibration.ts";
import { accuracy, askRateClear, askRateUnclear, balancedAccuracy, macroF1 } from "./decisions.ts";
import { pairedDifference } from "./paired.ts";

const scored = (positives: number[], negatives: number[]) => [
  ...positives.map((score) => ({ score, positive: true })),
  ...negatives.map((score) => ({ score, positive: false })),
];

describe("auc", () => {
  it("is the share of pairs in the right order, ties half", () => {
    expect(auc(scored([0.9, 0.5], [0.1, 0.5]))).toBeCloseTo((1 + 1 + 1 + 0.5) / 4);
    expect(auc(scored([1, 2], [0]))).toBe(1);
    expect(auc(scored([0], [1, 2]))).toBe(0);
    expect(auc(scored([3, 3, 3], [3, 3]))).toBe(0.5);
  });

  it("agrees with counting every pair on random scores", () => {
    const random = randomStream(4);
    const items = Array.from({ length: 60 }, () => ({ score: Math.round(random() * 8), positive: random() < 0.4 }));
    let right = 0;
    let pairs = 0;
    for (const a of items.filter((item) => item.positive)) {
      for (const b of items.filter((item) => !item.positive)) {
        pairs++;
        right += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
      }
    }
    expect(auc(items)).toBeCloseTo(right / pairs, 12);
  });

  it("is null where a class is absent", () => expect(auc(scored([1], []))).toBeNull());
});

describe("bootstrap", () => {
  const mean = (items: readonly number[]) => items.reduce((sum, value) => sum + value, 0) / items.length;

  it("covers the true mean about 95 times in 100", () => {
    const random = randomStream(9);
    let covered = 0;
    for (let run = 0; run < 200; run++) {
      const items = Array.from({ length: 60 }, () => (random() < 0.3 ? 1 : 0));
      const interval = bootstrap<number>(items, mean, { draws: 300 });
      if (interval && interval.low <= 0.3 && interval.high >= 0.3) covered++;
    }
    expect(covered).toBeGreaterThan(178);
    expect(covered).toBeLessThan(200);
  });

  it("is wider where items of one group move together", () => {
    const items = Array.from({ length: 80 }, (_, index) => ({
      value: Math.floor(index / 8) % 2,
      group: `${Math.floor(index / 8)}`,
    }));
    const value = (list: readonly { value: number }[]) => mean(list.map((item) => item.value));
    const alone = bootstrap(items, value);
    const grouped = bootstrap(items, value, { group: (item) => item.group });
    expect((grouped?.high ?? 0) - (grouped?.low ?? 0)).toBeGreaterThan(2 * ((alone?.high ?? 0) - (alone?.low ?? 0)));
  });

  it("gives the same interval twice, and none for no items", () => {
    expect(bootstrap([1, 2, 3], mean)).toEqual(bootstrap([1, 2, 3], mean));
    expect(bootstrap<number>([], mean)).toBeNull();
  });

  it("keeps a rare stratum in every draw", () => {
    const items = scored(
      [0.9],
      Array.from({ length: 40 }, () => 0.2),
    );
    expect(bootstrap(items, auc, { stratum: (item) => `${item.positive}` })).toEqual({ low: 1, high: 1 });
  });

  it("has no interval for one group, and one with a width where a group holds both labels", () => {
    const items = [0.9, 0.4, 0.6, 0.3, 0.8, 0.7].map((score, index) => ({
      score,
      positive: index % 2 === 0,
      group: `${Math.floor(index / 2)}`,
    }));
    const by = { stratum: (item: { positive: boolean }) => `${item.positive}` };
    expect(bootstrap(items, auc, { ...by, group: () => "all" })).toBeNull();
    const interval = bootstrap(items, auc, { ...by, group: (item) => item.group });
    expect((interval?.high ?? 0) - (interval?.low ?? 0)).toBeGreaterThan(0);
  });

  it("reads quantiles between neighbours", () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([7], 0.9)).toBe(7);
  });
});

describe("decisions", () => {
  const items = [
    { asked: true, positive: true },
    { asked: true, positive: true },
    { asked: false, positive: true },
    { asked: true, positive: false },
    { asked: false, positive: false },
  ];

  it("reads the table of right and wrong", () => {
    expect(accuracy(items)).toBeCloseTo(3 / 5);
    expect(askRateUnclear(items)).toBeCloseTo(2 / 3);
    expect(askRateClear(items)).toBeCloseTo(1 / 2);
    expect(balancedAccuracy(items)).toBeCloseTo((2 / 3 + 1 / 2) / 2);
    expect(macroF1(items)).toBeCloseTo((4 / 6 + 2 / 4) / 2);
  });

  it("scores always asking as it deserves", () => {
    const always = items.map((item) => ({ ...item, asked: true }));
    expect(balancedAccuracy(always)).toBe(0.5);
    expect(macroF1(always)).toBeCloseTo((6 / 8 + 0) / 2);
  });
});

describe("calibration", () => {
  it("is 0 where what is stated is what is found, and counts the gap otherwise", () => {
    const fair = [...scored([0.75, 0.75, 0.75], [0.75]), ...scored([0.25], [0.25, 0.25, 0.25])];
    expect(calibrationError(fair)).toBeCloseTo(0);
    expect(calibrationError(scored([], [1, 1]))).toBe(1);
    expect(reliability(fair).map((bin) => bin.n)).toEqual([4, 4]);
  });
});

describe("pairedDifference", () => {
  const mean = (items: readonly { value: number }[]) =>
    items.length === 0 ? null : items.reduce((sum, { value }) => sum + value, 0) / items.length;
  const by = { group: ({ id }: { id: string }) => id };
  it("compares only what both have, and sees what unpaired means would not", () => {
    const values = (plus: number) =>
      Array.from({ length: 30 }, (_, index) => ({ id: `${index}`, value: index + plus }));
    const difference = pairedDifference(values(0.5), [...values(0), { id: "other", value: 1000 }], mean, by);
    expect(difference?.n).toBe(30);
    expect(difference?.mean).toBeCloseTo(0.5);
    expect(difference?.low).toBeCloseTo(0.5);
  });

  it("takes any statistic, and draws its strata whole", () => {
    const items = (scores: number[]) =>
      scores.map((score, index) => ({ id: `${index}`, score, positive: index % 2 === 0, value: 0 }));
    const difference = pairedDifference(items([0.9, 0.1, 0.8, 0.2]), items([0.1, 0.9, 0.2, 0.8]), auc, {
      ...by,
      stratum: (item) => `${item.positive}`,
    });
    expect(difference).toEqual({ n: 4, mean: 1, low: 1, high: 1 });
  });

  it("is null where they share nothing", () =>
    expect(pairedDifference([{ id: "a", value: 1 }], [], mean, by)).toBeNull());
});
