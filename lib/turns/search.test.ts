import { expect, test } from "vitest";
import { excerptOf } from "./search.ts";

test("an excerpt is the line round the first word that was searched for", () => {
  const text = `${"Something else first. ".repeat(5)}\n\nThe landlord  wants it by Friday. ${"And more. ".repeat(30)}`;
  const excerpt = excerptOf(text, ["friday", "landlord"]) ?? "";
  expect(excerpt).toMatch(/^…Something else first\. The landlord wants it by Friday\./);
  expect(excerpt.length).toBeLessThanOrEqual(142);
  expect(excerpt.endsWith("…")).toBe(true);
});

test("a short message is its own excerpt; without a message there is none", () => {
  expect(excerptOf("Who is the landlord?", ["landlord"])).toBe("Who is the landlord?");
  const unspaced = excerptOf(`${"前".repeat(90)}大家好`, ["大家"]);
  expect(unspaced).toBe(`…${"前".repeat(30)}大家好`);
  expect(excerptOf(null, ["landlord"])).toBeNull();
});

test("a pair of characters that make one is not cut apart", () => {
  expect(excerptOf(`x${"😀".repeat(100)}`, ["x"])).not.toMatch(/[\ud800-\udbff]…$/);
});
