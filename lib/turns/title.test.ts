import { expect, test } from "vitest";
import { titleOf } from "./title.ts";

test("a short message is its own title, on one line", () => {
  expect(titleOf("  Write an email\n to my landlord ")).toBe("Write an email to my landlord");
  expect(titleOf(" \n ")).toBe("New conversation");
});

test("a long one is cut at a word, and one endless word anywhere but in a character", () => {
  const title = titleOf("many words ".repeat(20));
  expect(title.length).toBeLessThanOrEqual(60);
  expect(title).toMatch(/(many|words)…$/);
  expect(titleOf("😀".repeat(100)).isWellFormed()).toBe(true);
});
