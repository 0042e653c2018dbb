import { expect, test } from "vitest";
import { parseOptions, UsageError } from "./options.ts";

test("defaults", () => {
  expect(parseOptions([])).toMatchObject({ port: 8_089, host: "127.0.0.1", slots: undefined, list: false });
});

test("values", () => {
  expect(parseOptions(["--port", "0", "--slots", "4", "--context", "2048", "--model", "x.gguf"])).toMatchObject({
    port: 0,
    slots: 4,
    context: 2_048,
    model: "x.gguf",
  });
});

test("the prefix cache is bounded in megabytes", () => {
  expect(parseOptions(["--prefixes", "64"]).cacheBytes).toBe(64e6);
  expect(parseOptions([]).cacheBytes).toBeUndefined();
});

test.each([
  [["--prefixes", "-1"]],
  [["--port", "70000"]],
  [["--slots", "0"]],
  [["--context", "1.5"]],
  [["--context", "511"]],
  [["--what"]],
  [["loose"]],
])("refuses %j", (args) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
});
