import { expect, it } from "vitest";
import { chooseItems, inPart, partOf } from "./split.ts";

const items = Array.from({ length: 400 }, (_, index) => ({
  id: `${index}`,
  group: `g${index % 90}`,
  label: index % 5 ? "answer" : "ask",
}));

it("puts each group on one side, about half on each, and every item on one", () => {
  const tuning = inPart(items, "tuning");
  const test = inPart(items, "test");
  expect(tuning.length + test.length).toBe(items.length);
  expect(test.length).toBeGreaterThan(120);
  expect(tuning.length).toBeGreaterThan(120);
  const groups = new Set(tuning.map((item) => item.group));
  expect(test.some((item) => groups.has(item.group))).toBe(false);
  expect(partOf("g1")).toBe(partOf("g1"));
});

it("takes the labels in turn, the same for a seed, and a longer run holds a shorter one", () => {
  const twenty = chooseItems(items, 20, 1);
  expect(twenty.filter((item) => item.label === "ask").length).toBe(10);
  expect(chooseItems([...items].reverse(), 20, 1)).toEqual(twenty);
  expect(chooseItems(items, 50, 1).slice(0, 20)).toEqual(twenty);
  expect(chooseItems(items, 20, 2)).not.toEqual(twenty);
  expect(chooseItems(items, undefined, 1).length).toBe(400);
  expect(chooseItems(items, 200, 1).filter((item) => item.label === "ask").length).toBe(80);
});
