import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commonLength, createPrefixIndex } from "./prefixes.ts";

const none = new Map();

describe("createPrefixIndex", () => {
  test("finds the longest common beginning", () => {
    const index = createPrefixIndex(1_000);
    index.add([1, 2, 3], "a", 10, none);
    index.add([1, 2, 9, 9], "b", 10, none);
    expect(index.longest([1, 2, 3, 4])).toMatchObject({ length: 3, snapshot: { path: "a" } });
    expect(index.longest([1, 2, 9, 4])).toMatchObject({ length: 3, snapshot: { path: "b" } });
    expect(index.longest([7])).toBeNull();
  });

  test("drops what the new one begins with, and inherits its scores", () => {
    const index = createPrefixIndex(1_000);
    index.add([1, 2], "short", 10, new Map([[1, { token: 2, logprob: -1, alternatives: [] }]]));
    const gone = index.add([1, 2, 3], "long", 10, none);
    expect(gone.map((one) => one.path)).toEqual(["short"]);
    expect(index.size).toBe(1);
    expect(index.longest([1, 2])?.snapshot.scores.get(1)?.logprob).toBe(-1);
  });

  test("forgets a snapshot whose file is lost", () => {
    const index = createPrefixIndex(1_000);
    index.add([1, 2, 3], "a", 10, none);
    index.add([1, 9], "b", 20, none);
    index.drop("a");
    index.drop("unknown");
    expect(index.longest([1, 2, 3])).toMatchObject({ length: 1, snapshot: { path: "b" } });
    expect(index.bytes).toBe(20);
  });

  test("evicts what is long and unused first, never the newest", () => {
    const index = createPrefixIndex(100);
    index.add([1], "used", 40, none);
    index.add([2], "unused", 40, none);
    const used = index.longest([1]);
    if (used) index.touch(used.snapshot);
    const gone = index.add([3], "new", 40, none);
    expect(gone.map((one) => one.path)).toEqual(["unused"]);
    expect(
      index
        .add([4], "too large alone", 500, none)
        .map((one) => one.path)
        .toSorted(),
    ).toEqual(["new", "used"]);
    expect(index.size).toBe(1);
  });

  test("bytes are the sum of what it holds, within the budget once there is more than one", () => {
    const entry = fc.tuple(fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        const index = createPrefixIndex(100);
        const held = new Map<string, number>();
        for (const [place, [tokens, bytes]] of entries.entries()) {
          held.set(String(place), bytes);
          for (const gone of index.add(tokens, String(place), bytes, none)) held.delete(gone.path);
          expect(index.size).toBe(held.size);
          expect(index.bytes).toBe([...held.values()].reduce((sum, one) => sum + one, 0));
          if (index.size > 1) expect(index.bytes).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

test("scores are known from whichever snapshot shares the text before them, the richer first", () => {
  const index = createPrefixIndex(1_000);
  const score = (token: number, count: number) => ({
    token,
    logprob: -count,
    alternatives: Array.from({ length: count }, () => ({ token, logprob: -1 })),
  });
  index.add([1, 2, 3, 4], "longer, without", 10, none);
  index.add(
    [1, 2, 3, 9],
    "with",
    10,
    new Map([
      [1, score(2, 1)],
      [2, score(3, 1)],
      [3, score(9, 1)],
    ]),
  );
  index.add(
    [1, 2, 8],
    "richer",
    10,
    new Map([
      [1, score(2, 5)],
      [2, score(8, 5)],
    ]),
  );
  const known = index.scoresOf([1, 2, 3, 4, 5]);
  expect([...known].map(([position, { alternatives }]) => [position, alternatives.length]).toSorted()).toEqual([
    [1, 5],
    [2, 1],
  ]);
});

test("scores learnt later are kept where the text is shared", () => {
  const index = createPrefixIndex(1_000);
  index.add([1, 2, 3], "a", 10, none);
  const { version } = index;
  index.learn(
    [1, 2, 7],
    new Map([
      [1, { token: 2, logprob: -1, alternatives: [] }],
      [2, { token: 7, logprob: -1, alternatives: [] }],
    ]),
  );
  expect(index.version).toBeGreaterThan(version);
  expect([...index.scoresOf([1, 2, 3]).keys()]).toEqual([1]);
});

test("commonLength", () => {
  expect(commonLength([1, 2, 3], [1, 2, 4])).toBe(2);
  expect(commonLength([], [1])).toBe(0);
  expect(commonLength([5, 6], [5, 6, 7])).toBe(2);
});
