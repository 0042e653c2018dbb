import { expect, test } from "vitest";
import { createGivingWay } from "./giving-way.ts";

test("an audit ends when somebody begins to wait, and none begins meanwhile", () => {
  const way = createGivingWay();
  const first = way.begin();
  expect(first.signal.aborted).toBe(false);
  const over = way.someoneWaits();
  const other = way.someoneWaits();
  expect(first.signal.aborted).toBe(true);
  expect(way.waiting()).toBe(2);
  over();
  over();
  expect(way.waiting()).toBe(1);
  expect(way.begin().signal.aborted).toBe(true);
  other();
  expect(way.begin().signal.aborted).toBe(false);
});

test("what has ended is left alone", () => {
  const way = createGivingWay();
  const audit = way.begin();
  audit.done();
  way.someoneWaits();
  expect(audit.signal.aborted).toBe(false);
});
