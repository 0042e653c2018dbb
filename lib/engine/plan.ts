import type { Speeds } from "./turn.ts";

/** A block as it will be played. */
export interface BlockPlan {
  /** Coordinates of the candidates that take part, at least one. */
  readonly candidates: readonly number[];
  /** How many new intents they meet, ≥ 1. */
  readonly intents: number;
  /** Limit on simulated texts; undefined = the implementation's own. */
  readonly maxTokens: number | undefined;
}

/** Port calls of a future before any was measured: user, assistant, judge, less those who accept or quit. */
export const expectedCalls = 2.3;
export const widest = 24;
const shortText = 64;

/** Calls at once: what the server has slots for, 24 at most. */
export const atOnce = (speeds: Speeds): number => Math.max(1, Math.min(widest, Math.floor(speeds.slots)));

/**
 * Predicted duration in ms of a block of `cells` cells: waves of as many as fit, each as long as one chain of user,
 * assistant and judge (twice: a cell may be played both ways), stretched as the server fills up.
 * @param length mean tokens of the candidates
 */
export function blockTime(cells: number, speeds: Speeds, shortened: boolean, length = 0): number {
  const slots = atOnce(speeds);
  const waves = Math.ceil(cells / slots);
  const busy = Math.min(cells, slots);
  const stretch = slots > 1 ? 1 + ((speeds.crowding - 1) * (busy - 1)) / (slots - 1) : 1;
  const words = (speeds.user + speeds.assistant) * (shortened ? 0.5 : 1);
  return waves * stretch * (words + 2 * speeds.judge + speeds.reading * length);
}

/**
 * Makes a block fit the time left: fewer intents first, then fewer candidates (`candidates` stand in order of promise,
 * two stay at least), then shorter texts. Null when not even that fits.
 * @param lengths tokens of each candidate, by its coordinate
 */
export function fitBlock(
  plan: BlockPlan,
  left: number,
  speeds: Speeds,
  lengths: readonly number[] = [],
): BlockPlan | null {
  if (left === Number.POSITIVE_INFINITY) return plan;
  for (const shortened of [false, true]) {
    for (let count = plan.candidates.length; count >= Math.min(2, plan.candidates.length); count -= 1) {
      const candidates = plan.candidates.slice(0, count);
      const length = candidates.reduce((sum, index) => sum + (lengths[index] ?? 0), 0) / count;
      for (let intents = plan.intents; intents >= 1; intents -= 1) {
        if (blockTime(count * intents, speeds, shortened, length) > left) continue;
        return {
          candidates,
          intents,
          maxTokens: shortened ? shortText : plan.maxTokens,
        };
      }
    }
  }
  return null;
}
