import { expect, test } from "vitest";
import { createFairness } from "./fairness.ts";

interface Phase {
  readonly reading: boolean;
  readonly loneMs: number;
  readonly fullMs: number;
  readonly forMs: number;
}

/** Plays one phase after the other and tells of each which part of its lone speed the foreground kept. */
function play(phases: readonly Phase[], fairness = createFairness()) {
  let silentMs = 0;
  let longestSilence = 0;
  const kept = phases.map(({ reading, loneMs, fullMs, forMs }) => {
    let now = 0;
    let steps = 0;
    while (now < forMs) {
      const lone = fairness.lone({ foreground: true, background: true, reading });
      const milliseconds = lone ? loneMs : fullMs;
      fairness.account({ background: !lone, milliseconds });
      now += milliseconds;
      steps++;
      silentMs += milliseconds;
      longestSilence = Math.max(longestSilence, silentMs);
      if (!lone) silentMs = 0;
    }
    return (steps * loneMs) / now;
  });
  return { kept, longestSilence };
}

const writing = (loneMs: number, fullMs: number, forMs = 60_000): Phase => ({ reading: false, loneMs, fullMs, forMs });
const reading = (loneMs: number, fullMs: number, forMs = loneMs): Phase => ({ reading: true, loneMs, fullMs, forMs });

test.each([
  [34, 200],
  [34, 60],
  [84, 220],
  [34, 700],
  [10, 500],
  [174, 190],
])("lone steps of %i ms, full ones of %i ms: half the speed at least, silence below 2 s", (loneMs, fullMs) => {
  const { kept, longestSilence } = play([writing(loneMs, fullMs)]);
  expect(kept[0]).toBeGreaterThanOrEqual(0.5);
  expect(longestSilence).toBeLessThan(2_000);
});

test.each([30, 150, 200, 290, 460, 860])(
  "a prompt read in a step of %i ms leaves the text behind it half the speed",
  (ms) => {
    const { kept, longestSilence } = play([reading(ms, 600), writing(28, 190, 200 * 28)]);
    expect(kept[1]).toBeGreaterThanOrEqual(0.5);
    expect(longestSilence).toBeLessThan(2_000);
  },
);

test("a long prompt keeps half the speed too, and the background is heard", () => {
  const { kept, longestSilence } = play([reading(460, 630, 20_000), writing(28, 190, 700)]);
  for (const part of kept) expect(part).toBeGreaterThanOrEqual(0.5);
  expect(longestSilence).toBeLessThan(2_000);
});

test("prompts that come one after the other do not silence the background", () => {
  const { kept, longestSilence } = play(
    Array.from({ length: 200 }, () => [reading(170, 630), writing(28, 190, 28)]).flat(),
  );
  expect(longestSilence).toBeLessThan(2_000);
  expect(kept.reduce((sum, part) => sum + part, 0) / kept.length).toBeGreaterThanOrEqual(0.5);
});

test("what was before costs a new request nothing: its first step is lone", () => {
  const fairness = createFairness();
  const full = { foreground: true, background: true, reading: true };
  expect(fairness.lone(full)).toBe(true);
  for (const background of [true, false]) {
    expect(fairness.lone({ ...full, foreground: !background, background })).toBe(false);
    for (let steps = 0; steps < 50; steps++) {
      fairness.account({ background, milliseconds: 200 });
      fairness.lone({ ...full, foreground: !background, background, reading: false });
    }
    expect(fairness.lone(full)).toBe(true);
  }
});

test("where one step takes too long for both promises, lone and full ones alternate", () => {
  expect(play([writing(300, 1_900)]).longestSilence).toBe(2_200);
});

test("ten seconds alone do not count against a background that comes then", () => {
  const fairness = createFairness();
  for (let steps = 0; steps < 350; steps++) {
    fairness.lone({ foreground: true, background: false, reading: false });
    fairness.account({ background: false, milliseconds: 28 });
  }
  const { kept, longestSilence } = play([writing(28, 190, 2_000)], fairness);
  expect(longestSilence).toBeLessThan(500);
  expect(kept[0]).toBeGreaterThanOrEqual(0.5);
});

test("alone, either class steps freely", () => {
  const fairness = createFairness();
  expect(fairness.lone({ foreground: true, background: false, reading: true })).toBe(false);
  expect(fairness.lone({ foreground: false, background: true, reading: false })).toBe(false);
});
