/** L of engine.md section 3: the running median time of one full direct reply, in milliseconds, never under 2 s. */
export interface Speed {
  /** A full direct reply took this long. */
  record(ms: number): void;
  /** L in milliseconds. */
  replyMs(): number;
}

/** A deadline in seconds would starve a laptop and idle a cluster; under 2 s it would cut off ordinary jitter. */
export const leastReplyMs = 2000;
const firstGuessTokens = 200;
/**
 * As so many replies the first guess counts among those that came: three short facts ("Lisbon.") would else set the clock
 * for the first email, and on a slow machine its drafts came too late to be compared.
 */
const guessCounts = 9;
const remembered = 31;

export const median = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[middle - 1] ?? upper;
  return sorted.length % 2 ? upper : (lower + upper) / 2;
};

/** Begins with a guess, the measured time a token × 200 tokens, which later replies outweigh. */
export function createSpeed(tokenMs: number | null): Speed {
  const times: number[] = tokenMs === null ? [] : Array<number>(guessCounts).fill(tokenMs * firstGuessTokens);
  return {
    record: (ms) => {
      if (!Number.isFinite(ms) || ms <= 0) return;
      times.push(ms);
      if (times.length > remembered) times.shift();
    },
    replyMs: () => Math.max(leastReplyMs, median(times) ?? 0),
  };
}
