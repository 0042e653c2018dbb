import { expect, it } from "vitest";
import { wantedNumber } from "./numbers.ts";

it.each([
  ["42", 42],
  ["-5", -5],
  ["1e-7", 1e-7],
  ["$1,200", 1200],
  ["7 apples", 7],
  ["1/2", 0.5],
  ["3-5", null],
  ["3 apples in 5 days", null],
  ["none", null],
  ["", null],
])("the answer %j is %j", (answer, value) => expect(wantedNumber(answer)).toBe(value));
