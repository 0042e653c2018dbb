import type { Scored } from "./auc.ts";

export type Bin = { low: number; high: number; n: number; stated: number; found: number };

const bins = 10;

/** Ten equal bins of the stated probability; empty bins are left out. */
export function reliability(items: readonly Scored[]): Bin[] {
  return Array.from({ length: bins }, (_, index) => {
    const inside = items.filter((item) => Math.min(bins - 1, Math.floor(item.score * bins)) === index);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    return {
      low: index / bins,
      high: (index + 1) / bins,
      n: inside.length,
      stated: mean(inside.map((item) => item.score)),
      found: mean(inside.map((item) => (item.positive ? 1 : 0))),
    };
  }).filter((bin) => bin.n > 0);
}

/** Expected calibration error in [0,1]: the bins' |stated − found|, weighted by their share of the items. */
export function calibrationError(items: readonly Scored[]): number | null {
  if (items.length === 0) return null;
  return reliability(items).reduce((sum, bin) => sum + (bin.n / items.length) * Math.abs(bin.stated - bin.found), 0);
}
