/** Decides, step by step, whether the background takes part while a foreground request lives. */
export interface Fairness {
  /** `readingForeground`: some foreground request is still reading its prompt. */
  lone(classes: { foreground: boolean; background: boolean; readingForeground: boolean }, now: number): boolean;
  /** Tells how long the step took, in milliseconds. */
  account(step: { lone: boolean; foreground: boolean; milliseconds: number }, now: number): void;
}

const patienceMs = 1_200;

/**
 * Time that the background adds to the foreground's steps must first be earned by steps of the foreground alone, so the
 * foreground keeps at least half of its lone speed. While a person's prompt is being read the background waits,
 * but never longer than `patienceMs` plus a step.
 */
export function createFairness(): Fairness {
  let credit = 0;
  let loneMs = 0;
  let lastBackground = 0;
  return {
    lone({ foreground, background, readingForeground }, now) {
      if (!foreground) credit = 0;
      if (!background) lastBackground = now;
      if (!foreground || !background) return false;
      if (now - lastBackground > patienceMs) return false;
      return readingForeground || credit <= 0;
    },
    account({ lone, foreground, milliseconds }, now) {
      if (!lone) lastBackground = now;
      if (!foreground) return;
      if (lone) {
        loneMs = loneMs === 0 ? milliseconds : loneMs * 0.8 + milliseconds * 0.2;
        credit = Math.min(credit + milliseconds, 1_000);
      } else credit -= Math.max(0, milliseconds - loneMs);
    },
  };
}
