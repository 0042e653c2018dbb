import fc from "fast-check";
import { expect, test } from "vitest";
import { storable, storableJson, storableText } from "./storable.ts";

test("NUL and half characters become the replacement character, whole ones stay", () => {
  expect(storable({ text: "a\0b\ud800c😀" })).toEqual({ text: "a\uFFFDb\uFFFDc😀" });
  expect(storableText("a\0b\udc00😀")).toBe("a\uFFFDb\uFFFD😀");
});

test("text that only looks like an escape stays as it was", () => {
  const text = "\\u0000 and \\\\ud800";
  expect(storable(text)).toBe(text);
});

test("what Postgres can hold is untouched, and nothing else is left", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const stored = storable(text);
      expect(stored.isWellFormed() && !stored.includes("\0")).toBe(true);
      if (text.isWellFormed() && !text.includes("\0")) expect(stored).toBe(text);
      expect(storableJson(text)).not.toMatch(/(^|[^\\])(\\\\)*\\u0000/);
    }),
  );
});
