/** L of engine.md section 3: the running median time of one full direct reply, in milliseconds, with a floor. */
export interface Speed {
  /** A full direct reply took this long. */
  record(ms: number): void;
  /** L in milliseconds. */
  replyMs(): number;
}

/** A deadline in seconds would starve a laptop and idle a cluster; under 2 s it would cut off ordinary jitter. */
export const leastReplyMs = 2000;
/** Tokens of a reply in full. */
const fullReply = 200;
const remembered = 31;

export const median = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[middle - 1] ?? upper;
  return sorted.length % 2 ? upper : (lower + upper) / 2;
};

/**
 * The median of the replies that came, and never less than a reply of 200 tokens takes at the measured speed: what short facts
 * ("Lisbon.") take is no measure of the email after them, whose drafts would come too late on a slow machine.
 */
export function createSpeed(tokenMs: number | null): Speed {
  const times: number[] = [];
  const least = Math.max(leastReplyMs, (tokenMs ?? 0) * fullReply);
  return {
    record: (ms) => {
      if (!Number.isFinite(ms) || ms <= 0) return;
      times.push(ms);
      if (times.length > remembered) times.shift();
    },
    replyMs: () => Math.max(least, median(times) ?? 0),
  };
}
