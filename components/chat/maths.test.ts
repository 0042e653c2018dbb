import { expect, test } from "vitest";
import { hasMaths, withMaths } from "./maths.ts";

test.each([
  ["so \\( 30 \\times 2 = 60 \\) clowns", "so $$30 \\times 2 = 60$$ clowns"],
  ["Then:\n\\[\n\\frac{a}{b}\n\\]\nand on", "Then:\n$$\n\\frac{a}{b}\n$$\nand on"],
  ["1. Add:\n   \\[ a + b \\]\n2. Next", "1. Add:\n   $$\n   a + b\n   $$\n2. Next"],
  ["so \\[ a + b \\] holds", "so $$a + b$$ holds"],
  ["$$\na \\\\[4pt] b\n$$", "$$\na \\\\[4pt] b\n$$"],
  ["> So:\n> \\[\n> x = 1\n> \\]\n> and on", "> So:\n> $$\n> x = 1\n> $$\n> and on"],
  ["\\(a\\)\\(b\\)", "$$a$$\u2009$$b$$"],
  ["It costs $\\(5\\)", "It costs $\u2009$$5$$"],
  ["It costs $5 and $6.", "It costs $5 and $6."],
  ["`\\(x\\)` and \\(y\\)", "`\\(x\\)` and $$y$$"],
  ["```\n\\(x\\)\n```\n\\(y\\)", "```\n\\(x\\)\n```\n$$y$$"],
  ["```\n\\(x\\) still being written", "```\n\\(x\\) still being written"],
])("%j", (text, expected) => {
  expect(withMaths(text, false)).toBe(expected);
  expect(withMaths(text, true)).toBe(expected);
});

test.each(["Let \\(x^", "Let \\[\nx", "Let $$x"])("%j waits for its end while it is being written", (text) => {
  expect(withMaths(text, true)).toBe("Let ");
  expect(withMaths(text, false)).toBe(text);
});

test.each(["Its price is $$, which", "In a shell $$"])("%j is shown as soon as it cannot be a formula", (text) => {
  expect(withMaths(`${text}\n\nmore`, true)).toBe(`${text}\n\nmore`);
  expect(withMaths(`${text}${" and so on".repeat(50)}`, true)).toContain("and so on");
});

test("a reply without maths does not ask for the renderer of maths", () => {
  expect(hasMaths("It costs $5 (or $6) [today].")).toBe(false);
  expect(hasMaths("\\(x\\)")).toBe(true);
});
