import { expect, test } from "vitest";
import type { LoggedTurn } from "../store/statistics.ts";
import { trustOf, turnsNeeded } from "./trust.ts";

/** A turn whose rollouts came to `slope` times what the prior made of the table. */
const turn = (slope: number): LoggedTurn => ({
  weights: { a: 0.7, b: 0.3 },
  candidates: [0.2, 0.8, 0.5].map((useful) => ({
    usefulness: { a: useful, b: useful },
    mean: 0.4 + slope * 0.5 * useful,
    n: 3,
  })),
});
const turns = (count: number, slope: number) => Array.from({ length: count }, () => turn(slope));

test("the table is trusted until thirty turns are logged", () => {
  expect(trustOf([])).toBe(1);
  expect(trustOf(turns(turnsNeeded - 1, -1))).toBe(1);
});

test("a table that is borne out keeps full trust, an inverted one loses it", () => {
  expect(trustOf(turns(60, 1))).toBeCloseTo(1);
  expect(trustOf(turns(60, -1))).toBe(0);
});

test("a useless table is trusted less the more turns say so", () => {
  expect(trustOf(turns(30, 0))).toBeCloseTo(0.5);
  expect(trustOf(turns(90, 0))).toBeCloseTo(0.25);
});

test("turns without two candidates that were tried say nothing", () => {
  const untried = turns(60, -1).map((one) => ({ ...one, candidates: one.candidates.slice(0, 1) }));
  expect(trustOf(untried)).toBe(1);
});
