import { bootstrap, type Interval } from "./bootstrap.ts";

export type Difference = Interval & { n: number; mean: number };

/**
 * The statistic of a's items minus that of b's, over the items that both have, with a 95 % paired bootstrap interval: each
 * draw takes both sides of an item. Null where they share no item, or the statistic says nothing of one side.
 */
export function pairedDifference<T extends { id: string }>(
  a: readonly T[],
  b: readonly T[],
  statistic: (items: readonly T[]) => number | null,
  by: { group: (item: T) => string; stratum?: (item: T) => string },
): Difference | null {
  const others = new Map(b.map((item) => [item.id, item]));
  const pairs = a.flatMap((one) => {
    const other = others.get(one.id);
    return other === undefined ? [] : [{ one, other }];
  });
  const difference = (drawn: readonly { one: T; other: T }[]): number | null => {
    const [left, right] = [statistic(drawn.map(({ one }) => one)), statistic(drawn.map(({ other }) => other))];
    return left === null || right === null ? null : left - right;
  };
  const { stratum } = by;
  const interval = bootstrap(pairs, difference, {
    group: ({ one }) => by.group(one),
    ...(stratum ? { stratum: ({ one }: { one: T }) => stratum(one) } : {}),
  });
  const mean = difference(pairs);
  return interval && mean !== null ? { n: pairs.length, mean, ...interval } : null;
}
