import { expect, test } from "vitest";
import { createFairness } from "./fairness.ts";

/** Plays steps of the given lengths for `forMs` and tells what came out. */
function play(loneMs: number, fullMs: number, forMs: number, readingForeground = false) {
  const fairness = createFairness();
  let now = 0;
  let foregroundSteps = 0;
  let silentSince = 0;
  let longestSilence = 0;
  while (now < forMs) {
    const lone = fairness.lone({ foreground: true, background: true, readingForeground }, now);
    const milliseconds = lone ? loneMs : fullMs;
    now += milliseconds;
    foregroundSteps++;
    if (!lone) {
      longestSilence = Math.max(longestSilence, now - silentSince);
      silentSince = now;
    }
    fairness.account({ lone, foreground: true, milliseconds }, now);
  }
  return { speed: (foregroundSteps * loneMs) / now, longestSilence };
}

test.each([
  [34, 200],
  [34, 60],
  [84, 220],
  [34, 700],
  [10, 500],
])("lone steps of %i ms, full ones of %i ms: half the speed at least, silence below 2 s", (lone, full) => {
  const { speed, longestSilence } = play(lone, full, 60_000);
  expect(speed).toBeGreaterThanOrEqual(0.5);
  expect(longestSilence).toBeLessThan(2_000);
});

test("while a person's prompt is read the background waits, but not for ever", () => {
  const { speed, longestSilence } = play(300, 500, 60_000, true);
  expect(speed).toBeGreaterThan(0.7);
  expect(longestSilence).toBeLessThanOrEqual(2_000);
});

test("alone, either class steps freely", () => {
  const fairness = createFairness();
  expect(fairness.lone({ foreground: true, background: false, readingForeground: true }, 0)).toBe(false);
  expect(fairness.lone({ foreground: false, background: true, readingForeground: false }, 0)).toBe(false);
});
