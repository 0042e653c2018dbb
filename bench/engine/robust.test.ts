import { beforeAll, describe, expect, test, vi } from "vitest";
import { hash } from "../../lib/engine/rng.ts";
import { assumeStream, playStream, type StreamKind } from "./robust.ts";

// Many turns a test: slow on a busy machine, and no statement about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const seeds = Array.from({ length: 8 }, (_, index) => hash(31, "trust", index));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Mean regret over the turns of all streams. */
async function regretOf(kind: StreamKind): Promise<number> {
  const streams: number[] = [];
  for (const seed of seeds) streams.push(mean(await playStream(kind, seed)));
  return mean(streams);
}

describe("over 200 turns", () => {
  let withoutTable: number;
  beforeAll(async () => {
    withoutTable = await regretOf("none");
  });

  /**
   * Measured on 24 streams: .0030 and .0040 more than without a table, with an s.d. of .0069 and .0059 between streams. Of a mean
   * of 8 that is .0024 and .0021, so the mark of .01 is 2.9 s.d. away: on new seeds missed by chance once in 500. The same
   * streams without learning lose .07 and .13.
   */
  test.each(["useless", "inverted"] as const)("a table that is %s ends within .01 of no table", async (kind) => {
    expect((await regretOf(kind)) - withoutTable).toBeLessThan(0.01);
  });

  // Half of the goals unknown and all the rest wrong as well. Measured on 24 streams: .0068 less than always assuming, s.d.
  // .0044, of a mean of 8 .0016: by chance under 0 once in 10⁵. Without trust it loses about .09.
  test("with everything wrong it stays under always assuming", async () => {
    expect(await regretOf("everything")).toBeLessThan(mean(seeds.map((seed) => mean(assumeStream(seed)))));
  });
});
