import { describe, expect, test, vi } from "vitest";
import { normals, stream } from "./rng.ts";
import { type LoggedTurn, trustFrom } from "./trust.ts";

// Many turns a test: slow on a busy machine, and no statement about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Turns in which the rollouts show `slope` times what the table claims, and noise. */
function logOf(slope: number, turns: number, seed = 1): LoggedTurn[] {
  const normal = normals(stream(seed));
  return Array.from({ length: turns }, () => ({
    weight: 1,
    candidates: Array.from({ length: 4 }, () => {
      const table = 0.1 * normal();
      return { table, rollouts: slope * table + 0.1 * normal(), n: 3 };
    }),
  }));
}

describe("trust", () => {
  test("is 1 while nothing is known", () => {
    expect(trustFrom([])).toBe(1);
    expect(trustFrom(logOf(-1, 2))).toBe(1);
  });

  test.each([
    [1, 0.8, 1],
    [0.5, 0.35, 0.65],
    [0, 0, 0.15],
    [-1, 0, 0],
  ])("finds a slope of %d", (slope, least, most) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const trust = trustFrom(logOf(slope, 200, seed));
      expect(trust).toBeGreaterThanOrEqual(least);
      expect(trust).toBeLessThanOrEqual(most);
    }
  });

  test("a few noisy turns do not move it far", () => {
    for (let seed = 0; seed < 20; seed += 1) expect(trustFrom(logOf(1, 4, seed))).toBeGreaterThan(0.6);
  });

  test("rows without rollouts, or with one candidate, say nothing", () => {
    const empty: LoggedTurn = {
      weight: 1,
      candidates: [
        { table: 1, rollouts: -1, n: 0 },
        { table: 0, rollouts: 1, n: 3 },
      ],
    };
    expect(trustFrom([empty, empty, empty, empty])).toBe(1);
  });
});
