import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tempered } from "./intents.ts";
import { balanced } from "./policy.ts";
import { believe, pooledNoise, priorOf } from "./posterior.ts";
import { effort, mixed, rewardOf } from "./reward.ts";

/** The worked example of docs/engine.md, step by step: what is given, what the engine makes of it, and nothing else. */
const text = readFileSync(new URL("../../docs/engine.md", import.meta.url), "utf8");
const section = text.slice(text.indexOf("## A worked example"), text.indexOf("`example.test.ts` recomputes"));
const numbersIn = (part: string) => part.match(/(?<![\w.])[−]?(?:\d+\.\d+|\.\d+|\d+)/g) ?? [];

/** Numbers that were recomputed, as they are written. */
const known = new Set<string>();

function stands(value: number, digits: number): string {
  const written = value
    .toFixed(digits)
    .replace("-", "−")
    .replace(/^(−?)0\./, "$1.");
  expect(numbersIn(section)).toContain(written);
  known.add(written);
  return written;
}

const { lambda, interactivity, noise: model, prior, epsilon } = balanced;
const readings = [0.6, 0.3, 0.1];
const [asked, told, written] = [40, 12, 160];
const [success, judged, usual, quits] = [0.9, 0.7, 0.5, 0.05];
const rows = [
  [0.8, 0.5],
  [0.6, 0.5],
] as const;
const [sd, correlation] = [0.38, 0.45];

test("weights: tempered, with room for something else", () => {
  const { shares, other } = tempered(readings);
  for (const weight of readings) stands(weight, 1);
  expect(readings.map((weight) => stands(weight ** Number(stands(0.7, 1)), 3))).toEqual([".699", ".431", ".200"]);
  expect(stands(other, 2)).toBe(".10");
  expect(shares.map((share) => stands(share * (1 - other), 3))).toEqual([".473", ".291", ".135"]);
});

test("one rollout of the question", () => {
  for (const tokens of [asked, told, written, asked + told + written, 100 * quits]) stands(tokens, 0);
  for (const value of [success, judged, usual, interactivity]) stands(value, 1);
  const weights = { lambda, interactivity };
  const played = rewardOf({ success, interactivity: judged }, null, asked + told + written, weights, usual);
  expect(stands(-lambda, 4)).toBe("−.0005");
  expect(stands(played.cost, 3)).toBe("−.106");
  expect(stands(played.interaction, 1)).toBe(".1");
  expect(stands(played.total, 3)).toBe(".894");
  stands(1 - quits, 2);
  stands(quits, 2);
  expect(stands(effort(lambda, asked), 2)).toBe("−.02");
  const stays = mixed(played, 1 - quits, quits * effort(lambda, asked));
  expect(stands(stays.extrinsic, 3)).toBe(".855");
  expect(stands(stays.cost, 4)).toBe("−.1017");
  expect(stands(stays.total, 4)).toBe(".8533");
});

/** φ, and Φ by its series (Abramowitz and Stegun 26.2.17, error under 1e-7). */
const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
function normalBelow(z: number): number {
  if (z < 0) return 1 - normalBelow(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - density(z) * sum;
}

test("two rows, and what is believed after them", () => {
  const noise = {
    sd: [sd, sd],
    correlation: [
      [1, correlation],
      [correlation, 1],
    ],
  };
  const given = rows.map((values) => ({ seen: [0, 1], values }));
  for (const value of rows.flat()) stands(value, 1);
  for (const value of [0, 1, 2]) stands(value, 0);
  const gaps = rows.map(([a, b]) => Number(stands(a - b, 1)));
  const mean = Number(stands((gaps[0] ?? 0) / 2 + (gaps[1] ?? 0) / 2, 1));

  // By hand, from the differences alone.
  const believed = 2 * Number(stands(sd, 2)) ** 2 * (1 - Number(stands(correlation, 2)));
  const scatter = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
  const factor = (model.size + scatter / believed) / (model.size + 1);
  const pooled =
    (model.inflation * (model.strength * factor * believed + scatter)) / (model.strength + rows.length - 1);
  const spread = 2 * Number(stands(prior.flatSd, 2)) ** 2;
  const precision = 1 / spread + rows.length / pooled;
  const gap = (rows.length * mean) / pooled / precision;
  const s = Math.sqrt(1 / precision);
  const z = gap / s;
  const regret = s * (density(z) - z * normalBelow(-z));
  expect(stands(believed, 4)).toBe(".1588");
  expect(stands(scatter, 2)).toBe(".02");
  for (const value of [model.size, model.strength]) stands(value, 0);
  stands(model.inflation, 1);
  expect(stands(factor, 3)).toBe(".875");
  expect(stands(pooled, 4)).toBe(".1558");
  expect(stands(spread, 4)).toBe(".0288");
  expect(stands(precision, 1)).toBe("47.6");
  expect(stands(gap, 3)).toBe(".054");
  expect(stands(s, 3)).toBe(".145");
  expect(stands(z, 3)).toBe(".372");
  expect(stands(-z, 3)).toBe("−.372");
  expect(stands(normalBelow(z), 3)).toBe(".645");
  expect(stands(regret, 4)).toBe(".0348");
  expect(regret).toBeGreaterThan(epsilon);
  expect(stands(80, 0)).toBe("80");
  expect(stands(gap - 1.2816 * s, 2)).toBe("−.13");
  expect(stands(gap + 1.2816 * s, 2)).toBe(".24");

  // The engine says the same, where two candidates and a level stand for one difference.
  const belief = believe(priorOf([0, 0], [prior.flatSd, prior.flatSd]), noise, given, model, 1);
  const at = (matrix: Float64Array) => (matrix[0] ?? 0) + (matrix[3] ?? 0) - 2 * (matrix[1] ?? 0);
  expect(at(pooledNoise(noise, given, model))).toBeCloseTo(pooled, 9);
  expect((belief.mean[0] ?? 0) - (belief.mean[1] ?? 0)).toBeCloseTo(gap, 4);
  expect(Math.sqrt(at(belief.covariance))).toBeCloseTo(s, 4);
  // 400 antithetic draws: s.e. of P(best) .024 at most, of ER about .004.
  expect(Math.abs((belief.best[0] ?? 0) - normalBelow(z))).toBeLessThan(0.05);
  expect(Math.abs(belief.regret - regret)).toBeLessThan(0.008);
});

test("the text has no number that was not recomputed", () => {
  expect(numbersIn(section).filter((written) => !known.has(written))).toEqual([]);
});
