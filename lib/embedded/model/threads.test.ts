import { expect, test } from "vitest";
import { createThreadPolicy } from "./threads.ts";

/** A machine of which others use so many cores in each window of 250 ms. */
function policyOn(cores: number, others: readonly number[]) {
  let at = 0;
  let busy = 0;
  let own = 0;
  let window = -1;
  const policy = createThreadPolicy(cores, () => ({ at, busy, own }));
  return others.map(() => {
    window++;
    at += 250;
    own += 200;
    busy += 200 + (others[window] ?? 0) * 250;
    return policy();
  });
}

test("cores that others use are left to them, and taken back", () => {
  expect(policyOn(2, [0, 0, 1, 1, 0, 0])).toEqual([2, 2, 1, 1, 2, 2]);
  expect(policyOn(8, [0, 1, 3, 0])).toEqual([8, 7, 5, 8]);
});

test("a little use by others changes nothing in either direction", () => {
  expect(policyOn(2, [0.1, 0.3, 0.3])).toEqual([2, 2, 2]);
  expect(policyOn(2, [1, 0.3, 0.3, 0.1])).toEqual([1, 1, 1, 2]);
});

test("never below one", () => {
  expect(policyOn(2, [5])).toEqual([1]);
  expect(policyOn(1, [1])).toEqual([1]);
});
