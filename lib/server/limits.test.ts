import { expect, test } from "vitest";
import { limits, limitWords } from "./limits.ts";

const [aMinute, aDay] = limits.turn;

test("a day's limit is told in hours, its last hour in minutes, a minute's in seconds", () => {
  const today = "You have reached today's limit of 2,000 messages. Go on in";
  expect(limitWords(aDay, 51_234)).toBe(`${today} 15 hours.`);
  expect(limitWords(aDay, 3_601)).toBe(`${today} 2 hours.`);
  expect(limitWords(aDay, 3_600)).toBe(`${today} 60 minutes.`);
  expect(limitWords(aDay, 1)).toBe(`${today} 1 minute.`);
  expect(limitWords(aMinute, 12)).toBe("That was too much at once. Wait 12 seconds and try again.");
  expect(limitWords(aMinute, 1)).toContain("Wait 1 second and");
});
