import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mostRows, planStep, readingAlone, readingBeside } from "./step.ts";

const one = (lane: number, more: Partial<Parameters<typeof planStep>[0][number]> = {}) => ({
  lane,
  foreground: false,
  pending: 1,
  reading: false,
  pause: Number.POSITIVE_INFINITY,
  wanted: [0],
  ...more,
});
const reader = (lane: number, pending: number, more = {}) =>
  one(lane, { reading: true, pending, wanted: [pending - 1], ...more });
/** Wants the distribution after each token from `from` on. */
const scores = (from: number, pending: number): number[] =>
  Array.from({ length: Math.max(0, pending - from) }, (_, index) => from + index);
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

  test("where all want distributions they share them, and nobody's lane is a hole", () => {
    const all = Array.from({ length: 16 }, (_, lane) => reader(15 - lane, 90, { wanted: scores(0, 90) }));
    expect(tokens(all)).toEqual(Array.from({ length: 16 }, (_, lane) => [lane, mostRows / 16]));
  });

  test("only tokens that want a distribution count against them", () => {
    expect(tokens([reader(0, 300, { wanted: scores(100, 128) })])).toEqual([[0, readingAlone]]);
    expect(tokens([reader(0, 300, { wanted: scores(0, 128) })])).toEqual([[0, mostRows]]);
    expect(tokens([reader(0, 300, { wanted: scores(10, 128) }), reader(1, 300)])).toEqual([
      [0, 64],
      [1, 64],
    ]);
  });

  test("where there are more than can be served, it is the highest lanes that wait", () => {
    const many = Array.from({ length: 100 }, (_, lane) => reader(99 - lane, 10, { wanted: scores(0, 10) }));
    expect(tokens(many)).toEqual(Array.from({ length: mostRows }, (_, lane) => [lane, 1]));
  });

  test("never more than it may: budget, rows, what is pending", () => {
    const any = fc.record({
      pending: fc.integer({ min: 1, max: 300 }),
      reading: fc.boolean(),
      scoredFrom: fc.option(fc.nat(300)),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 16 }), (list) => {
        const sequences = list.map(({ reading, pending, scoredFrom }, lane) =>
          reading ? reader(lane, pending, { wanted: scores(scoredFrom ?? pending - 1, pending) }) : one(lane),
        );
        const shares = planStep(sequences, false);
        const steppers = shares.filter((share) => !share.sequence.reading).length;
        const read = shares.filter((share) => share.sequence.reading);
        expect(steppers).toBe(sequences.filter((sequence) => !sequence.reading).length);
        expect(read.reduce((sum, share) => sum + share.tokens, 0)).toBeLessThanOrEqual(
          steppers > 0 ? readingBeside : readingAlone,
        );
        const rows = shares.map((share) => share.sequence.wanted.filter((index) => index < share.tokens).length);
        expect(rows.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(mostRows);
        for (const share of shares) expect(share.tokens).toBeLessThanOrEqual(share.sequence.pending);
        // Nobody is left out: that would be a hole.
        expect(shares.map((share) => share.sequence)).toEqual(sequences);
      }),
    );
  });
});
