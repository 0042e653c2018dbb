import type { Endpoint } from "./endpoint.ts";
import { aborted, type ModelError, toModelError } from "./errors.ts";
import type { Priority } from "./limiter.ts";
import type { CallLog, Usage } from "./log.ts";
import { pause, pauseBeforeRetry } from "./retry.ts";
import { type Leash, leash } from "./timeouts.ts";

/** What every call says about itself, whatever it asks for. */
export interface CallInfo {
  endpoint: Endpoint;
  model: string;
  purpose: string;
  work: CallLog["work"];
  promptVersion: string;
  seed?: number | undefined;
  priority: Priority;
  signal: AbortSignal;
  /** Hears of every try beside the endpoint's own log: how a port adds up what it cost. */
  onCall?: (call: CallLog) => void;
}

/** The running try: its leash, and where it writes what it learns for the log. */
export interface Try {
  leash: Leash;
  usage: Usage;
  /** Called at the first piece of the answer. */
  first(): void;
}

export const noUsage = (): Usage => ({ tokensIn: 0, tokensCached: 0, tokensOut: 0, estimated: true });

/** Turns whatever a try threw into the one error type; our own timeout and the caller's abort come first. */
export const failureOf = (cause: unknown, running: Try): ModelError => running.leash.reason() ?? toModelError(cause);

/** Begins a try: waits for a place, then starts the clocks. `end` must be called exactly once. */
export async function beginTry(info: CallInfo, attempt: number): Promise<Try & { end(failure?: ModelError): void }> {
  const asked = performance.now();
  const release = await info.endpoint.limiter.acquire(info.priority, info.signal);
  const started = performance.now();
  let firstTokenMs: number | null = null;
  const running: Try = {
    leash: leash(info.signal, info.endpoint.timeouts),
    usage: noUsage(),
    first: () => {
      firstTokenMs ??= performance.now() - started;
      running.leash.alive();
    },
  };
  return Object.assign(running, {
    end: (failure?: ModelError) => {
      running.leash.close();
      release();
      const log: CallLog = {
        purpose: info.purpose,
        work: info.work,
        model: info.model,
        promptVersion: info.promptVersion,
        seed: info.seed ?? null,
        priority: info.priority,
        attempt,
        ...running.usage,
        ms: performance.now() - started,
        firstTokenMs,
        waitedMs: started - asked,
        outcome: failure?.code ?? "ok",
      };
      info.onCall?.(log);
      info.endpoint.report(log);
    },
  });
}

/** Waits before the next try, or throws the failure when it was the last. The place is free meanwhile. */
export async function waitOrThrow(info: CallInfo, failure: ModelError, attempt: number): Promise<void> {
  const wait = info.signal.aborted ? null : pauseBeforeRetry(failure, attempt, info.endpoint.retry);
  if (wait === null) throw failure;
  await pause(wait, info.signal);
}

/**
 * Runs one call with retries: for whatever is whole before anybody sees it. `work` may be run several times.
 * Throws ModelError.
 */
export async function call<T>(info: CallInfo, work: (running: Try) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    if (info.signal.aborted) throw aborted(info.signal.reason);
    const running = await beginTry(info, attempt);
    let failure: ModelError;
    try {
      const value = await work(running);
      running.end();
      return value;
    } catch (cause) {
      failure = failureOf(cause, running);
      running.end(failure);
    }
    await waitOrThrow(info, failure, attempt);
  }
}
