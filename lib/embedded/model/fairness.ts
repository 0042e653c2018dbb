/** Who is there before a step. */
export interface Present {
  readonly foreground: boolean;
  /** Living, or waiting for a lane. */
  readonly background: boolean;
  /** Some foreground request is still reading its prompt. */
  readonly reading: boolean;
}

/** Decides, step by step, whether the background takes part while a foreground request lives. */
export interface Fairness {
  lone(present: Present): boolean;
  /** Tells whether the background took part in the step, and how long it was in milliseconds. */
  account(step: { readonly background: boolean; readonly milliseconds: number }): void;
  /** The background cannot wait longer: where it has no lane, one must be found for it. */
  readonly overdue: boolean;
}

/** From here on the background's turn is next: with one more step of the foreground it ends within 2 s. */
const silenceMs = 1_500;

/**
 * Before each step with the background the foreground steps alone for at least as long as the last such step took. So the
 * background has at most half of the time, and the foreground keeps at least half of its lone speed, whatever that is.
 * Reading and writing are settled apart: the long steps of a prompt buy the background nothing in the text behind it.
 */
export function createFairness(): Fairness {
  let costMs = 0;
  let aloneMs = 0;
  let silentMs = 0;
  let reading = false;
  const overdue = (): boolean => silentMs + costMs > silenceMs;
  return {
    get overdue() {
      return overdue();
    },
    lone(present) {
      if (!present.foreground || present.reading !== reading) aloneMs = 0;
      reading = present.reading;
      if (!present.background) silentMs = 0;
      if (!present.foreground || !present.background) return false;
      return silentMs === 0 || (aloneMs < costMs && !overdue());
    },
    account({ background, milliseconds }) {
      aloneMs = background ? 0 : aloneMs + milliseconds;
      silentMs = background ? 0 : silentMs + milliseconds;
      if (background) costMs = milliseconds;
    },
  };
}
