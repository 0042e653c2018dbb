import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { cholesky, observe, solve } from "./gaussian.ts";
import { believe, type Noise, pooledNoise, priorOf, type Row, valueOfBlock } from "./posterior.ts";
import { normals, stream } from "./rng.ts";

// Many turns a test: slow on a busy machine, and no statement about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const model = { strength: 12, inflation: 1, size: Number.POSITIVE_INFINITY };
const noiseOf = (n: number, sd: number, correlation: number): Noise => ({
  sd: Array.from({ length: n }, () => sd),
  correlation: Array.from({ length: n }, (_, a) => Array.from({ length: n }, (_, b) => (a === b ? 1 : correlation))),
});
const all = [0, 1, 2];

describe("gaussian", () => {
  test("one observed coordinate follows the textbook", () => {
    const prior = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(1, 0.5, 0.5, 1) };
    const after = observe(prior, Float64Array.of(1, 0, 0, 1), [0], [2]);
    expect(after.mean[0]).toBeCloseTo(1, 12);
    expect(after.mean[1]).toBeCloseTo(0.5, 12);
    expect(after.covariance[0]).toBeCloseTo(0.5, 12);
    expect(after.covariance[3]).toBeCloseTo(1 - 0.25 / 2, 12);
  });

  test("solving with the Cholesky factor inverts the matrix", () => {
    const matrix = Float64Array.of(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2);
    const x = solve(cholesky(matrix, 3), 3, Float64Array.of(1, 2, 3));
    const back = all.map((row) => all.reduce((sum, k) => sum + (matrix[row * 3 + k] ?? 0) * (x[k] ?? 0), 0));
    back.forEach((value, index) => {
      expect(value).toBeCloseTo(index + 1, 10);
    });
  });
});

describe("belief", () => {
  test("the order of rows does not matter", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.float({ min: -1, max: 1, noNaN: true }), fc.float({ min: -1, max: 1, noNaN: true })), {
          minLength: 2,
          maxLength: 8,
        }),
        (pairs) => {
          const rows: Row[] = pairs.map(([a, b]) => ({ seen: [0, 2], values: [a, b] }));
          const prior = priorOf([0, 0.1, 0], [0.1, 0.1, 0.1]);
          const there = believe(prior, noiseOf(3, 0.4, 0.4), rows, model, 1);
          const back = believe(prior, noiseOf(3, 0.4, 0.4), [...rows].reverse(), model, 1);
          for (const index of all) expect(back.mean[index]).toBeCloseTo(there.mean[index] ?? 0, 6);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("only observed coordinates enter: an unseen candidate's mean moves only by what it shares", () => {
    const prior = priorOf([0, 0, 0], [0.1, 0.1, 0.1]);
    const rows: Row[] = Array.from({ length: 6 }, () => ({ seen: [0, 1], values: [0.9, 0.1] }));
    const belief = believe(prior, noiseOf(3, 0.3, 0.4), rows, model, 1);
    expect(belief.leader).toBe(0);
    expect(belief.mean[2]).toBeGreaterThan(belief.mean[1] ?? 1);
    expect(belief.mean[2]).toBeLessThan(belief.mean[0] ?? 0);
  });

  test("a constant added to every reward changes no difference", () => {
    const rows = (shift: number): Row[] =>
      [0.2, 0.5, 0.1].map((value) => ({ seen: all, values: [value + shift, value + 0.1 + shift, shift] }));
    const prior = priorOf([0, 0, 0], [0.1, 0.1, 0.1]);
    const low = believe(prior, noiseOf(3, 0.3, 0.4), rows(0), model, 5);
    const high = believe(prior, noiseOf(3, 0.3, 0.4), rows(3), model, 5);
    expect((high.mean[1] ?? 0) - (high.mean[0] ?? 0)).toBeCloseTo((low.mean[1] ?? 0) - (low.mean[0] ?? 0), 3);
    expect(high.regret).toBeCloseTo(low.regret, 3);
  });

  test("P(best) sums to 1, regret is never negative and shrinks as rows come in", () => {
    const prior = priorOf([0, 0, 0], [0.1, 0.1, 0.1]);
    const row: Row = { seen: all, values: [0.6, 0.4, 0.3] };
    let before = Number.POSITIVE_INFINITY;
    for (const n of [0, 3, 10, 100]) {
      const rows = Array.from({ length: n }, () => row);
      const belief = believe(prior, noiseOf(3, 0.3, 0.4), rows, model, 5);
      expect(belief.best.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      expect(belief.regret).toBeGreaterThanOrEqual(0);
      expect(belief.regret).toBeLessThan(before);
      before = belief.regret + 1e-9;
    }
    expect(before).toBeLessThan(1e-3);
  });

  test("pooled noise is the believed one without rows and the observed one with many", () => {
    const noise = noiseOf(2, 0.5, 0);
    expect(pooledNoise(noise, [], model)[0]).toBeCloseTo((12 * 0.25) / 12, 9);
    const normal = normals(stream(3));
    const rows: Row[] = Array.from({ length: 2000 }, () => ({
      seen: [0, 1],
      values: [0.1 * normal(), 0.1 * normal()],
    }));
    expect(pooledNoise(noise, rows, model)[0]).toBeCloseTo(0.01 + (12 * 0.25) / 2011, 2);
  });

  test("the size of the noise is learned from all candidates at once, and not where it is known", () => {
    const normal = normals(stream(4));
    const rows: Row[] = Array.from({ length: 4 }, () => ({ seen: all, values: all.map(() => 0.1 * normal()) }));
    // The variance of a difference, against 2·.3²·(1 − .4) believed and 2·.1² true.
    const difference = (size: number, factor = 1) => {
      const given = rows.map(({ seen, values }) => ({ seen, values: values.map((value) => factor * value) }));
      const pooled = pooledNoise(noiseOf(3, 0.3, 0.4), given, { ...model, size });
      return (pooled[0] ?? 0) + (pooled[4] ?? 0) - 2 * (pooled[1] ?? 0);
    };
    const known = difference(Number.POSITIVE_INFINITY);
    expect(difference(6)).toBeLessThan(0.75 * known);
    expect(difference(6)).toBeGreaterThan(0.02);
    // What is as large as believed stays, what is larger grows.
    const usual = difference(6, Math.sqrt(0.108 / 0.02));
    expect(Math.abs(usual / 0.108 - 1)).toBeLessThan(0.6);
    expect(difference(6, 10)).toBeGreaterThan(difference(Number.POSITIVE_INFINITY, 10));
  });

  test("rows that only the best met make the noise no larger", () => {
    const normal = normals(stream(6));
    const drawn = (seen: number[]): Row => {
      const shared = normal();
      return { seen, values: seen.map(() => 0.3 * (Math.sqrt(0.45) * shared + Math.sqrt(0.55) * normal())) };
    };
    const four = [0, 1, 2, 3];
    let sum = 0;
    const turns = 400;
    for (let turn = 0; turn < turns; turn += 1) {
      const rows = [four, four, four, [0, 1], [0, 1], [0, 1]].map(drawn);
      const learned = pooledNoise(noiseOf(4, 0.3, 0.45), rows, { ...model, size: 6 });
      const taken = pooledNoise(noiseOf(4, 0.3, 0.45), rows, model);
      // What is learned of the size is all that tells the two apart: 12/(12 + pairs − 1) of (f − 1)·Σ0.
      sum += 1 + (((learned[15] ?? 0) - (taken[15] ?? 0)) * 14) / (12 * 0.09);
    }
    expect(sum / turns).toBeGreaterThan(0.9);
    expect(sum / turns).toBeLessThan(1.1);
  });

  test("value of a block: nothing where the noise drowns it, all of the regret where nothing does", () => {
    const belief = believe(priorOf([0, 0, 0], [0.1, 0.1, 0.1]), noiseOf(3, 0.3, 0.4), [], model, 9);
    expect(valueOfBlock(belief, all, 1e6, 9)).toBeCloseTo(belief.regret, 2);
    expect(valueOfBlock(belief, all, 1e-6, 9)).toBeLessThan(0.001);
    expect(valueOfBlock(belief, all, 6, 9)).toBeGreaterThan(valueOfBlock(belief, all, 1, 9));
  });
});
