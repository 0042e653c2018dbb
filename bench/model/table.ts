export interface Row {
  readonly name: string;
  readonly value: string;
  /** Ours to the peer's, where there is one. */
  readonly ratio?: string;
  readonly mark?: string;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export function print({ title, rows }: Section): void {
  const width = (pick: (row: Row) => string | undefined): number =>
    Math.max(...rows.map((row) => pick(row)?.length ?? 0));
  const name = width((row) => row.name);
  const value = width((row) => row.value);
  const ratio = width((row) => row.ratio);
  console.log(`\n${title}`);
  for (const row of rows)
    console.log(
      `  ${row.name.padEnd(name)}  ${row.value.padStart(value)}  ${(row.ratio ?? "").padStart(ratio)}  ${row.mark ?? ""}`,
    );
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
export const times = (ratio: number): string => `${ratio.toFixed(2)}×`;
export const mark = (reached: boolean, text: string): string => `${reached ? "reached" : "NOT reached"}: ${text}`;
export const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
