import { stream } from "../../lib/engine/rng.ts";
import type { SliceResult } from "./worker.ts";

/** A row of the comparison, as `--json` writes it. Shares and rates are null where there was nothing to count. */
export interface Row {
  readonly setting: string;
  readonly policy: string;
  readonly rollouts: number;
  readonly calls: number;
  readonly regret: number;
  readonly regret_lo: number;
  readonly regret_hi: number;
  readonly clear_without_rollout: number | null;
  readonly ask_clear: number | null;
  readonly ask_ambiguous: number | null;
  /** Processor time of the engine's own compute a turn, without the world's play. */
  readonly cpu_ms: number;
}

const resamples = 1000;

/** 95 % percentile intervals of means over instances; every policy is resampled with the same instances (paired). */
export function bootstrap(series: readonly (readonly number[])[], seed: number): [number, number][] {
  const n = series[0]?.length ?? 0;
  const next = stream(seed);
  const means = series.map(() => new Float64Array(resamples));
  const counts = new Uint16Array(n);
  for (let round = 0; round < resamples; round += 1) {
    counts.fill(0);
    for (let draw = 0; draw < n; draw += 1) {
      const at = Math.floor(next() * n);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    series.forEach((values, index) => {
      let sum = 0;
      for (let at = 0; at < n; at += 1) sum += (counts[at] ?? 0) * (values[at] ?? 0);
      const row = means[index];
      if (row) row[round] = sum / n;
    });
  }
  return means.map((values) => {
    values.sort();
    return [values[Math.floor(0.025 * resamples)] ?? 0, values[Math.floor(0.975 * resamples)] ?? 0];
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (flags: readonly boolean[]): number | null => (flags.length === 0 ? null : mean(flags.map(Number)));
const asked = (chosen: string): boolean => chosen.startsWith("ask") || chosen === "hybrid";

export function summarise(
  setting: string,
  names: readonly string[],
  results: readonly SliceResult[],
  seed: number,
): { rows: Row[]; generating: number[] } {
  const columns = names.map((_, policy) =>
    results.flatMap(({ clear, played }) => {
      const one = played[policy];
      return one ? [{ clear, ...one }] : [];
    }),
  );
  const intervals = bootstrap(
    columns.map((column) => column.map((one) => one.regret)),
    seed,
  );
  const rows = names.map((policy, index): Row => {
    const column = columns[index] ?? [];
    const clear = column.filter((one) => one.clear);
    const [regret_lo, regret_hi] = intervals[index] ?? [0, 0];
    return {
      setting,
      policy,
      rollouts: mean(column.map((one) => one.rollouts)),
      calls: mean(column.map((one) => one.calls)),
      regret: mean(column.map((one) => one.regret)),
      regret_lo,
      regret_hi,
      clear_without_rollout: share(clear.map((one) => one.rollouts === 0)),
      ask_clear: share(clear.map((one) => asked(one.chosen))),
      ask_ambiguous: share(column.filter((one) => !one.clear).map((one) => asked(one.chosen))),
      cpu_ms: mean(column.map((one) => one.ms)),
    };
  });
  return { rows, generating: columns.map((column) => mean(column.map((one) => one.generating))) };
}

const percent = (value: number | null): string => (value === null ? "–" : `${Math.round(100 * value)} %`);

/** The comparison as text: a row a policy. */
export function table(rows: readonly Row[], generating: readonly number[]): string {
  const head = [
    "policy",
    "rollouts",
    "calls",
    "generating",
    "regret",
    "95 %",
    "no rollout",
    "asks clear",
    "asks vague",
    "own ms",
  ];
  const body = rows.map((row, index) => [
    row.policy,
    row.rollouts.toFixed(1),
    row.calls.toFixed(1),
    (generating[index] ?? 0).toFixed(1),
    row.regret.toFixed(4),
    `${row.regret_lo.toFixed(4)} … ${row.regret_hi.toFixed(4)}`,
    percent(row.clear_without_rollout),
    percent(row.ask_clear),
    percent(row.ask_ambiguous),
    row.cpu_ms.toFixed(2),
  ]);
  return align([head, ...body]);
}

/** Columns under each other: the first to the left, numbers to the right. */
export function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}
