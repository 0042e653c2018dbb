/** One decision against what was wanted. */
export type Decided = { asked: boolean; positive: boolean };

const share = (items: readonly Decided[], which: (item: Decided) => boolean): number | null =>
  items.length === 0 ? null : items.filter(which).length / items.length;

export const accuracy = (items: readonly Decided[]) => share(items, (item) => item.asked === item.positive);

/** Share of clear requests (a question is not wanted) that got one. */
export const askRateClear = (items: readonly Decided[]) =>
  share(
    items.filter((item) => !item.positive),
    (item) => item.asked,
  );

/** Share of unclear requests that got a question. */
export const askRateUnclear = (items: readonly Decided[]) =>
  share(
    items.filter((item) => item.positive),
    (item) => item.asked,
  );

/** Mean of the two classes' recalls; null where a class is absent. */
export function balancedAccuracy(items: readonly Decided[]): number | null {
  const unclear = askRateUnclear(items);
  const clear = askRateClear(items);
  return unclear === null || clear === null ? null : (unclear + 1 - clear) / 2;
}

/** Mean of the two classes' F1; a class that is neither present nor named counts 0. */
export function macroF1(items: readonly Decided[]): number | null {
  if (items.length === 0) return null;
  const of = (ask: boolean) => {
    const right = items.filter((item) => item.asked === ask && item.positive === ask).length;
    const named = items.filter((item) => item.asked === ask).length;
    const present = items.filter((item) => item.positive === ask).length;
    return named + present === 0 ? 0 : (2 * right) / (named + present);
  };
  return (of(true) + of(false)) / 2;
}
