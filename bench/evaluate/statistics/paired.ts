import { bootstrap, type Interval } from "./bootstrap.ts";

export type Difference = Interval & { n: number; mean: number };

/**
 * Mean of a's value minus b's over the items that both have, with a 95 % paired bootstrap interval. Null where
 * they share no item.
 */
export function pairedDifference(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
  group: (id: string) => string = (id) => id,
): Difference | null {
  const pairs = [...a].flatMap(([id, value]) => {
    const other = b.get(id);
    return other === undefined ? [] : [{ id, difference: value - other }];
  });
  const mean = (items: readonly { difference: number }[]) =>
    items.length === 0 ? null : items.reduce((sum, item) => sum + item.difference, 0) / items.length;
  const interval = bootstrap(pairs, mean, { group: (pair) => group(pair.id) });
  const centre = mean(pairs);
  return interval && centre !== null ? { n: pairs.length, mean: centre, ...interval } : null;
}
