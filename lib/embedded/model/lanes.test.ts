import fc from "fast-check";
import { expect, test } from "vitest";
import { planMoves } from "./lanes.ts";

interface One {
  lane: number;
  foreground: boolean;
  pending: number;
}

/** Sequences on distinct lanes, some without one. */
const sequences = fc
  .array(fc.record({ foreground: fc.boolean(), pending: fc.nat(40), placed: fc.boolean() }), { maxLength: 16 })
  .chain((list) =>
    fc.shuffledSubarray([...Array(20).keys()], { minLength: list.length, maxLength: list.length }).map((lanes) =>
      list.map(
        ({ foreground, pending, placed }, index): One => ({
          foreground,
          pending,
          lane: placed ? (lanes[index] ?? -1) : -1,
        }),
      ),
    ),
  );

function after(list: readonly One[]): One[] {
  const moves = new Map(planMoves(list).map(({ sequence, to }) => [sequence, to]));
  return list.map((one) => ({ ...one, lane: moves.get(one) ?? one.lane }));
}

test("afterwards lanes are 0 to n-1 without holes, foreground first", () => {
  fc.assert(
    fc.property(sequences, (list) => {
      const placed = after(list);
      expect(placed.map((one) => one.lane).toSorted((left, right) => left - right)).toEqual([...list.keys()]);
      const foreground = placed.filter((one) => one.foreground);
      for (const one of foreground) expect(one.lane).toBeLessThan(foreground.length);
    }),
  );
});

test("nobody moves a second time, and nobody moves who stands well", () => {
  fc.assert(
    fc.property(sequences, (list) => {
      expect(planMoves(after(list))).toEqual([]);
    }),
  );
  const well = [0, 1, 2].map((lane) => ({ lane, foreground: false, pending: 1 }));
  expect(planMoves(well)).toEqual([]);
});

test("one who leaves is replaced by the highest; newcomers stand by descending length", () => {
  const live = [0, 2, 3].map((lane) => ({ lane, foreground: false, pending: 1 }));
  expect(planMoves(live)).toEqual([{ sequence: live[2], to: 1 }]);
  const fresh = [5, 30, 12].map((pending) => ({ lane: -1, foreground: false, pending }));
  expect(planMoves(fresh).map(({ sequence }) => sequence.pending)).toEqual([30, 12, 5]);
});
