import { aborted, type ModelError } from "./errors.ts";

export interface RetryOptions {
  /** Tries in all, the first included. */
  attempts: number;
  /** First pause, doubled each time, in milliseconds. */
  baseMs: number;
  /** No pause is longer; an endpoint that asks for more than this has failed for the turn. */
  maxMs: number;
  /** Uniform in [0,1): the jitter. */
  random: () => number;
}

export const defaultRetry: RetryOptions = { attempts: 3, baseMs: 400, maxMs: 10_000, random: Math.random };

/**
 * Milliseconds to wait before try `attempt + 1`, or null when the failure is final. What the endpoint asked for
 * (Retry-After) is honoured in full and jittered upwards only, so that we never come back too early.
 */
export function pauseBeforeRetry(failure: ModelError, attempt: number, options: RetryOptions): number | null {
  if (!failure.retryable || attempt >= options.attempts) return null;
  if (failure.retryAfterMs !== undefined) {
    if (failure.retryAfterMs > options.maxMs) return null;
    return failure.retryAfterMs + options.random() * options.baseMs;
  }
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** (attempt - 1));
  return ceiling * (0.5 + 0.5 * options.random());
}

/** Sleeps, unless the signal fires, which rejects with `aborted` at once. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted(signal.reason));
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(aborted(signal.reason));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
