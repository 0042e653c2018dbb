import { randomStream } from "../random.ts";

export type Interval = { low: number; high: number };

const DRAWS = 2000;
/** The same seed everywhere: a table printed twice from the same cases is the same table. */
const SEED = 20_251;

/**
 * A 95 % percentile interval of a statistic, by drawing whole groups with replacement: several items cut from one
 * problem are not independent. With strata, each stratum keeps its number of groups, so that a rare label never
 * vanishes from a draw. Null where the statistic is null on the items themselves, or all items are one group.
 */
export function bootstrap<T>(
  items: readonly T[],
  statistic: (items: readonly T[]) => number | null,
  options: { group?: (item: T) => string; stratum?: (item: T) => string; draws?: number } = {},
): Interval | null {
  if (items.length === 0 || statistic(items) === null) return null;
  const strata = groupsByStratum(items, options.group, options.stratum);
  if (items.length > 1 && strata.flat().length === 1) return null;
  const random = randomStream(SEED);
  const values: number[] = [];
  for (let draw = 0; draw < (options.draws ?? DRAWS); draw++) {
    const drawn: T[] = [];
    for (const groups of strata) {
      for (let k = 0; k < groups.length; k++) drawn.push(...(groups[Math.floor(random() * groups.length)] ?? []));
    }
    const value = statistic(drawn);
    if (value !== null) values.push(value);
  }
  values.sort((a, b) => a - b);
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** Value at a share of a sorted list, linear between neighbours. NaN for an empty list. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

/** A group lies in the stratum of its items; those whose items are of several lie in one of their own. */
function groupsByStratum<T>(
  items: readonly T[],
  group: ((item: T) => string) | undefined,
  stratum: ((item: T) => string) | undefined,
): T[][][] {
  const groups = new Map<string, T[]>();
  for (const [index, item] of items.entries()) {
    const key = group ? group(item) : `${index}`;
    const members = groups.get(key);
    if (members) members.push(item);
    else groups.set(key, [item]);
  }
  const strata = new Map<string, T[][]>();
  for (const members of groups.values()) {
    const own = new Set(members.map((member) => stratum?.(member) ?? ""));
    const key = own.size === 1 ? ([...own][0] ?? "") : "several";
    const list = strata.get(key);
    if (list) list.push(members);
    else strata.set(key, [members]);
  }
  return [...strata.values()];
}
