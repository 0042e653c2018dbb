import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tempered } from "./intents.ts";
import { believe, priorOf } from "./posterior.ts";
import { effort, mixed, rewardOf } from "./reward.ts";

/** The worked example of docs/engine.md, step by step; each number must stand in the text as well. */
const text = readFileSync(new URL("../../docs/engine.md", import.meta.url), "utf8");

function stands(value: number, digits: number): string {
  const written = value
    .toFixed(digits)
    .replace("-", "−")
    .replace(/^(−?)0\./, "$1.");
  expect(text).toContain(written);
  return written;
}

test("weights: tempered, with room for something else", () => {
  const { shares, other } = tempered([0.6, 0.3, 0.1]);
  expect(other).toBeCloseTo(0.1, 12);
  expect(shares.map((share) => stands(share * (1 - other), 3))).toEqual([".473", ".291", ".135"]);
});

test("one rollout of the question", () => {
  const weights = { lambda: 5e-4, interactivity: 0.5 };
  const played = rewardOf({ success: 0.9, interactivity: 0.7 }, null, 40 + 12 + 160, weights, 0.5);
  expect(stands(played.cost, 3)).toBe("−.106");
  expect(stands(played.total, 3)).toBe(".894");
  const stays = mixed(played, 0.95, 0.05 * effort(weights.lambda, 40));
  expect(stands(stays.extrinsic, 3)).toBe(".855");
  expect(stands(stays.cost, 4)).toBe("−.1017");
  expect(stands(stays.total, 4)).toBe(".8533");
});

test("two rows, and what is believed after them", () => {
  const rows = [
    { seen: [0, 1], values: [0.8, 0.5] },
    { seen: [0, 1], values: [0.6, 0.5] },
  ];
  const noise = {
    sd: [0.38, 0.38],
    correlation: [
      [1, 0.45],
      [0.45, 1],
    ],
  };
  const belief = believe(priorOf([0, 0], [0.12, 0.12]), noise, rows, { strength: 12, inflation: 1.2 }, 1);
  const gap = (belief.mean[0] ?? 0) - (belief.mean[1] ?? 0);
  const at = (a: number, b: number) => belief.covariance[a * 2 + b] ?? 0;
  const sd = Math.sqrt(at(0, 0) + at(1, 1) - 2 * at(0, 1));
  expect(stands(gap, 3)).toBe(".049");
  expect(stands(sd, 3)).toBe(".147");
  expect(stands(gap - 1.2816 * sd, 2)).toBe("−.14");
  expect(stands(gap + 1.2816 * sd, 2)).toBe(".24");
  // By hand P(best) = Φ(.332) = .63 and ER = .0376; the engine's 400 draws carry a sampling error.
  expect(Math.abs((belief.best[0] ?? 0) - 0.63)).toBeLessThan(0.05);
  expect(Math.abs(belief.regret - 0.0376)).toBeLessThan(0.008);
});
