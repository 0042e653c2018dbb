import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mostRows, planStep, readingAlone, readingBeside } from "./step.ts";

const one = (lane: number, more: Partial<Parameters<typeof planStep>[0][number]> = {}) => ({
  lane,
  foreground: false,
  pending: 1,
  reading: false,
  pause: Number.POSITIVE_INFINITY,
  rowsPerToken: false,
  ...more,
});
const reader = (lane: number, pending: number, more = {}) => one(lane, { reading: true, pending, ...more });
const tokens = (list: Parameters<typeof planStep>[0], lone = false) =>
  planStep(list, lone).map((share) => [share.sequence.lane, share.tokens]);

describe("planStep", () => {
  test("all who step take one token, by ascending lane", () => {
    expect(tokens([one(2), one(0), one(1)])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
  });

  test("a long prompt is read in chunks, smaller ones beside others", () => {
    expect(tokens([reader(0, 1_000)])).toEqual([[0, readingAlone]]);
    expect(tokens([one(0), reader(1, 1_000)])).toEqual([
      [0, 1],
      [1, readingBeside],
    ]);
  });

  test("readers share evenly; what a short one leaves goes to the others", () => {
    expect(tokens([reader(0, 100), reader(1, 100)])).toEqual([
      [0, readingAlone / 2],
      [1, readingAlone / 2],
    ]);
    expect(tokens([reader(0, 100), reader(1, 4)])).toEqual([
      [0, 100],
      [1, 4],
    ]);
  });

  test("a reader stops where others wait for its state", () => {
    expect(tokens([reader(0, 100, { pause: 37 })])).toEqual([[0, 37]]);
  });

  test("alone, the foreground leaves the background out", () => {
    expect(tokens([one(0, { foreground: true }), one(1), reader(2, 50)], true)).toEqual([[0, 1]]);
  });

  test("alone, it reads in small chunks: the background waits for its turn", () => {
    expect(tokens([reader(0, 1_000, { foreground: true }), one(1)], true)).toEqual([[0, readingBeside]]);
  });

  test("never more than it may: budget, rows, what is pending", () => {
    const any = fc.record({
      pending: fc.integer({ min: 1, max: 300 }),
      reading: fc.boolean(),
      rowsPerToken: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 16 }), (list) => {
        const sequences = list.map((each, lane) => one(lane, { ...each, pending: each.reading ? each.pending : 1 }));
        const shares = planStep(sequences, false);
        const steppers = shares.filter((share) => !share.sequence.reading).length;
        const read = shares.filter((share) => share.sequence.reading);
        expect(steppers).toBe(sequences.filter((sequence) => !sequence.reading).length);
        expect(read.reduce((sum, share) => sum + share.tokens, 0)).toBeLessThanOrEqual(
          steppers > 0 ? readingBeside : readingAlone,
        );
        const rows = read.filter((share) => share.sequence.rowsPerToken).reduce((sum, share) => sum + share.tokens, 0);
        expect(rows).toBeLessThanOrEqual(mostRows);
        for (const share of shares) expect(share.tokens).toBeLessThanOrEqual(share.sequence.pending);
        // Somebody always gets on.
        expect(shares.length).toBeGreaterThan(0);
      }),
    );
  });
});
