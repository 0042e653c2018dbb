import { describe, expect, test } from "vitest";
import { type LoggedScatter, noiseFrom } from "./noise.ts";
import { firstNoise } from "./turn.ts";

/** What many rollouts of this s.d. and correlation come to. */
function scatter(sd: number, correlation: number, rollouts: number, turns = 100): LoggedScatter {
  const freedom = rollouts;
  const pairFreedom = 1.5 * rollouts;
  return { turns, freedom, pairFreedom, squares: freedom * sd ** 2, products: pairFreedom * correlation * sd ** 2 };
}

describe("noise from logs", () => {
  test("is the first belief until fifty turns are logged", () => {
    expect(noiseFrom(scatter(0, 0, 0, 0))).toEqual(firstNoise);
    expect(noiseFrom(scatter(0.1, 0, 10_000, 49))).toEqual(firstNoise);
  });

  test("comes to what the logs say as they grow, and stays what they confirm", () => {
    const many = noiseFrom(scatter(0.2, 0.7, 50_000));
    expect(many.sd).toBeCloseTo(0.2, 2);
    expect(many.correlation).toBeCloseTo(0.7, 2);
    const few = noiseFrom(scatter(0.2, 0.7, 100));
    expect(few.sd).toBeGreaterThan(0.25);
    expect(few.sd).toBeLessThan(firstNoise.sd);
    const same = noiseFrom(scatter(firstNoise.sd, firstNoise.correlation, 500));
    expect(same.sd).toBeCloseTo(firstNoise.sd);
    expect(same.correlation).toBeCloseTo(firstNoise.correlation);
  });

  test("stays usable whatever is logged", () => {
    expect(noiseFrom(scatter(0, 0, 1e6)).sd).toBe(0.1);
    expect(noiseFrom(scatter(0.3, 1, 1e6)).correlation).toBe(0.9);
    expect(noiseFrom(scatter(0.3, -1, 1e6)).correlation).toBe(0);
  });
});
