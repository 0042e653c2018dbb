import type { MeanRecord } from "./types.ts";

const minus = (text: string): string => text.replace("-", "−");

/** A number with no more decimals than its spread supports: one where the interval is wider than 0.1, else two. */
export function figure(value: number, width: number | null, signed = false): string {
  const decimals = width === null || width > 0.1 ? 1 : 2;
  const rounded = Number(value.toFixed(decimals));
  const text = minus((Object.is(rounded, -0) ? 0 : rounded).toFixed(decimals));
  return signed && rounded > 0 ? `+${text}` : text;
}

/** One-sided 90 % points of Student's t: the ends of an 80 % interval with `n − 1` degrees of freedom. */
const t90 = [3.078, 1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383, 1.372];

/** The 80 % interval of a mean over `n` futures; null where one future says nothing about spread. */
export function interval80({ mean, sd, n }: MeanRecord): readonly [number, number] | null {
  if (n < 2) return null;
  const t = t90[n - 2] ?? 1.29;
  const half = (t * sd) / Math.sqrt(n);
  return [mean - half, mean + half];
}

export function meanOf(values: readonly number[]): MeanRecord {
  const n = values.length;
  const mean = n === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / n;
  const variance = n < 2 ? 0 : values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, sd: Math.sqrt(variance), n };
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** 950 → "950", 1240 → "1.2k". */
export function count(value: number): string {
  return value < 1_000 ? String(Math.round(value)) : `${(value / 1_000).toFixed(value < 9_950 ? 1 : 0)}k`;
}

/** Milliseconds as people say them: "0.4 s", "12 s", "2 min 05 s". */
export function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)} min ${String(rounded % 60).padStart(2, "0")} s`;
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
