import { admit } from "./admission.ts";
import type { Backend } from "./backend.ts";
import { type Crowd, isBackground, isForeground } from "./crowd.ts";
import { digest, type Ending, tellScores } from "./digest.ts";
import { overloaded, restarted, stopping } from "./errors.ts";
import { createFairness } from "./fairness.ts";
import type { Job } from "./job.ts";
import { planMoves } from "./lanes.ts";
import { createRevivable } from "./revival.ts";
import { inParallel, wantedRows } from "./rows.ts";
import { createSequence, isReading, pending, type Sequence } from "./sequence.ts";
import { createStates } from "./states.ts";
import { planStep, readingAlone } from "./step.ts";
import { watched } from "./watchdog.ts";

export interface SchedulerOptions {
  readonly backend: Backend;
  /** Makes a new backend after the old one got stuck. */
  readonly reopen: () => Promise<Backend>;
  readonly cacheBytes: number;
  readonly isEnd: (token: number) => boolean;
  /** Asked before each step; null = as it is. */
  readonly chooseThreads?: () => number | null;
  readonly mostQueued?: number | undefined;
  /** A turn that takes longer is given up. */
  readonly stuckMs?: number;
  /** Told of each failure of the model, and of each that follows while it is started anew. */
  readonly onStuck?: (error: Error) => void;
}

export interface SchedulerStatus {
  readonly live: number;
  readonly queued: number;
  readonly cachedStates: number;
  readonly cacheBytes: number;
  readonly steps: number;
  /** Milliseconds spent in steps. */
  readonly stepMs: number;
  /** Of these, in the model itself; the rest is drawing tokens and telling them. */
  readonly decodeMs: number;
  /** Tokens that went through the model. */
  readonly tokensRead: number;
}

export interface Scheduler {
  /** Throws ApiError 429 when the queue is full, 503 when stopping. What happens then is told to the job's listener. */
  submit(jobs: readonly Job[]): void;
  status(): SchedulerStatus;
  /** Ends after the current step; everything unfinished fails with 503. */
  close(): Promise<void>;
}

/** Requests of one burst arrive within this time and are then read together. */
const gatherMs = 3;
/** A leaving sequence's state is kept where it holds so many tokens that are not saved yet. */
const keepForeground = 16;
const keepBackground = 24;
/** Readers of distributions at work at once: each holds a copy of the vocabulary. */
const digestWidth = 8;

/**
 * The loop: leave, join, place, step. Everything that touches the model happens here, one thing after another;
 * between two steps, and only there, sequences leave and join, so all of them are always in phase.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { isEnd, chooseThreads = () => null, mostQueued = 256, stuckMs = 60_000 } = options;
  const model = createRevivable(options.backend, options.reopen, stuckMs);
  const states = createStates(() => model.backend, options.cacheBytes);
  const fairness = createFairness();
  const crowd: Crowd = { live: [], queue: [], pauses: new Map() };
  const count = { steps: 0, stepMs: 0, decodeMs: 0, tokensRead: 0 };
  let wake: (() => void) | null = null;
  let closing = false;

  async function leave(sequence: Sequence, tell: () => void): Promise<void> {
    crowd.live = crowd.live.filter((other) => other !== sequence);
    sequence.sampler?.dispose();
    sequence.sampler = null;
    tell();
    await states.keep(sequence, isForeground(sequence) ? keepForeground : keepBackground);
    states.discard(sequence);
    sequence.lane = -1;
  }

  /** Lets go of those whose client has gone. */
  async function sweep(): Promise<void> {
    for (const sequence of crowd.queue) if (sequence.job.signal.aborted) states.discard(sequence);
    crowd.queue = crowd.queue.filter((sequence) => !sequence.job.signal.aborted);
    for (const sequence of crowd.live.filter(({ job }) => job.signal.aborted)) await leave(sequence, () => undefined);
  }

  /** Those who have nothing to read: a text that was only to be scored, and is. */
  async function dismiss(): Promise<void> {
    for (const sequence of crowd.live.filter((one) => pending(one) <= 0))
      await leave(sequence, () => {
        tellScores(sequence);
        sequence.job.listener.ended("length");
      });
  }

  const describe = (sequence: Sequence) => ({
    sequence,
    lane: sequence.lane,
    foreground: isForeground(sequence),
    pending: pending(sequence),
    reading: isReading(sequence),
    pause: Math.max(1, (crowd.pauses.get(sequence) ?? Number.POSITIVE_INFINITY) - sequence.read),
    wanted: wantedRows(sequence, Math.min(pending(sequence), readingAlone)),
  });

  async function step(): Promise<void> {
    const { live, queue } = crowd;
    const lone = fairness.lone({
      foreground: live.some(isForeground),
      background: live.some(isBackground) || queue.some(isBackground),
      reading: live.some((one) => isForeground(one) && isReading(one)),
    });
    const shares = planStep(live.map(describe), lone).map(({ sequence: { sequence }, tokens }) => ({
      sequence,
      part: {
        lane: sequence.lane,
        position: sequence.read,
        tokens: sequence.tokens.slice(sequence.read, sequence.read + tokens),
        wanted: wantedRows(sequence, tokens),
      },
    }));
    const { backend } = model;
    const threads = chooseThreads();
    if (threads !== null) backend.setThreads(threads);
    const began = performance.now();
    const rows = await backend.decode(shares.map(({ part }) => part));
    const decoded = performance.now();
    const endings = new Map<Sequence, Ending>();
    await inParallel([...shares.entries()], digestWidth, async ([index, { sequence, part }]) => {
      const { length } = part.tokens;
      endings.set(sequence, await digest({ backend, isEnd }, sequence, length, part.wanted, rows[index] ?? []));
    });
    const milliseconds = performance.now() - began;
    fairness.account({ background: shares.some(({ sequence }) => isBackground(sequence)), milliseconds });
    count.steps++;
    count.stepMs += milliseconds;
    count.decodeMs += decoded - began;
    count.tokensRead += shares.reduce((sum, { part }) => sum + part.tokens.length, 0);
    for (const [sequence, tell] of endings) if (tell) await leave(sequence, tell);
  }

  async function turn(): Promise<void> {
    await sweep();
    await admit(crowd, states, model.backend.lanes, fairness.overdue);
    const moves = planMoves(crowd.live.map(describe));
    await states.place(moves.map(({ sequence: { sequence }, to }) => ({ sequence, to })));
    await dismiss();
    if (crowd.live.length === 0) return;
    await step();
    await dismiss();
  }

  function lose(lost: readonly Sequence[]): void {
    crowd.live = crowd.live.filter((sequence) => !lost.includes(sequence));
    crowd.queue = crowd.queue.filter((sequence) => !lost.includes(sequence));
    for (const sequence of lost) {
      sequence.sampler?.dispose();
      states.discard(sequence);
      if (!sequence.job.signal.aborted) sequence.job.listener.failed(restarted());
    }
  }

  const report = (error: unknown): void => options.onStuck?.(error instanceof Error ? error : new Error(String(error)));

  /** The model failed: whoever it holds something of is told; where it cannot be revived, whoever waits for it too. */
  async function recover(error: unknown): Promise<void> {
    model.end();
    report(error);
    lose([...crowd.live, ...crowd.queue.filter((sequence) => sequence.sampler)]);
    await model.revive(
      error,
      () => closing,
      (failure) => {
        report(failure);
        lose(crowd.queue);
      },
    );
  }

  async function run(): Promise<void> {
    while (!closing) {
      if (crowd.live.length === 0 && crowd.queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
        await new Promise((resolve) => setTimeout(resolve, gatherMs));
        continue;
      }
      try {
        await watched(turn(), stuckMs);
      } catch (error) {
        await recover(error);
      }
    }
    for (const { job } of [...crowd.live, ...crowd.queue]) if (!job.signal.aborted) job.listener.failed(stopping());
    crowd.live = [];
    crowd.queue = [];
    states.close();
  }

  const running = run();

  return {
    submit(jobs) {
      if (closing) throw stopping();
      if (crowd.queue.length + jobs.length > mostQueued) throw overloaded();
      crowd.queue.push(...jobs.map(createSequence));
      wake?.();
    },
    status: () => ({
      live: crowd.live.length,
      queued: crowd.queue.length,
      cachedStates: states.count,
      cacheBytes: states.bytes,
      ...count,
    }),
    async close() {
      closing = true;
      wake?.();
      await running;
      await model.close();
    },
  };
}
