import type { Backend } from "./backend.ts";
import { overloaded, restarted, stopping } from "./errors.ts";
import { createFairness } from "./fairness.ts";
import type { Job } from "./job.ts";
import { planMoves } from "./lanes.ts";
import { commonLength } from "./prefixes.ts";
import { drawToken, inParallel, toScore, wantedRows } from "./rows.ts";
import {
  createSequence,
  firstScored,
  isReading,
  pending,
  readingEnd,
  type Sequence,
  usableLength,
} from "./sequence.ts";
import { createStates, worthCopying } from "./states.ts";
import { planStep } from "./step.ts";
import { Stuck, watched } from "./watchdog.ts";

export interface SchedulerOptions {
  readonly backend: Backend;
  /** Makes a new backend after the old one got stuck. */
  readonly reopen: () => Promise<Backend>;
  readonly cacheBytes: number;
  readonly isEnd: (token: number) => boolean;
  /** Asked before each step; null = as it is. */
  readonly chooseThreads?: () => number | null;
  readonly mostQueued?: number | undefined;
  /** A step that takes longer is given up. */
  readonly stuckMs?: number;
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
const keepForeground = 16;
const keepBackground = 64;
const scanned = 64;

/**
 * The loop: leave, join, place, step. Everything that touches the model happens here, one thing after another;
 * between two steps, and only there, sequences leave and join, so all of them are always in phase.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { isEnd, chooseThreads = () => null, mostQueued = 256, stuckMs = 60_000 } = options;
  let { backend } = options;
  const states = createStates(() => backend, options.cacheBytes);
  const fairness = createFairness();
  let live: Sequence[] = [];
  let queue: Sequence[] = [];
  /** How far a reader may read before those who wait for its state take it over. */
  const pauses = new Map<Sequence, number>();
  let wake: (() => void) | null = null;
  let closing = false;
  let steps = 0;
  let stepMs = 0;
  let decodeMs = 0;
  let tokensRead = 0;
  /** Raised when a stuck turn is abandoned: should it wake up after all, it must not touch what has come after it. */
  let epoch = 0;

  const isForeground = (sequence: Sequence): boolean => sequence.job.priority === "foreground";

  async function leave(sequence: Sequence, tell: () => void): Promise<void> {
    live = live.filter((other) => other !== sequence);
    sequence.sampler?.dispose();
    sequence.sampler = null;
    tell();
    await states.keep(sequence, isForeground(sequence) ? keepForeground : keepBackground);
    states.discard(sequence);
    sequence.lane = -1;
  }

  async function sweep(): Promise<void> {
    for (const sequence of queue) if (sequence.job.signal.aborted) states.discard(sequence);
    queue = queue.filter((sequence) => !sequence.job.signal.aborted);
    for (const sequence of live.filter(({ job }) => job.signal.aborted)) await leave(sequence, () => undefined);
  }

  /** What `sequence` could take over of `reader` once that has read on, if it waited. */
  function promise(sequence: Sequence, reader: Sequence): number {
    if (!isReading(reader) || (isForeground(sequence) && !isForeground(reader))) return 0;
    const common = Math.min(commonLength(sequence.job.prompt, reader.job.prompt), readingEnd(reader));
    if (sequence.job.scored === 0 || reader.job.scored > 0) return usableLength(sequence, common, noScores, true);
    return usableLength(sequence, Math.min(common, firstScored(sequence.job) - 1), noScores, true);
  }

  async function admit(): Promise<void> {
    pauses.clear();
    const inOrder = [...queue.filter(isForeground), ...queue.filter((sequence) => !isForeground(sequence))];
    for (const sequence of inOrder.slice(0, scanned)) {
      if (!(await makeRoom(sequence))) break;
      if (!sequence.parked && !states.off) {
        let best = { length: Math.max(states.saved(sequence), takeable(sequence)), reader: null as Sequence | null };
        for (const reader of live) {
          const length = promise(sequence, reader);
          if (length >= best.length + worthCopying) best = { length, reader };
        }
        if (best.reader) {
          pauses.set(best.reader, Math.min(pauses.get(best.reader) ?? Number.POSITIVE_INFINITY, best.length));
          continue;
        }
      }
      queue = queue.filter((other) => other !== sequence);
      await states.begin(sequence, live);
      if (!sequence.begun) sequence.job.listener.started(sequence.read);
      sequence.begun = true;
      live.push(sequence);
    }
  }

  /** What `sequence` could take over at once of states that stand in lanes. */
  function takeable(sequence: Sequence): number {
    let most = 0;
    for (const other of live) {
      if (other.lane < 0) continue;
      const common = Math.min(commonLength(other.tokens, sequence.tokens), other.read);
      most = Math.max(most, usableLength(sequence, common, other.scores));
    }
    return most;
  }

  /** Whether there is a lane for it. The foreground takes one from the background, but never the last. */
  async function makeRoom(sequence: Sequence): Promise<boolean> {
    if (!isForeground(sequence)) return live.length < backend.lanes;
    const waiting = queue.some((other) => !isForeground(other)) || live.some((other) => !isForeground(other));
    const mostForeground = waiting ? Math.max(1, backend.lanes - 1) : backend.lanes;
    if (live.filter(isForeground).length >= mostForeground) return false;
    if (live.length < backend.lanes) return true;
    const youngest = live.findLast((other) => !isForeground(other));
    if (!youngest) return false;
    await states.park(youngest);
    live = live.filter((other) => other !== youngest);
    queue.unshift(youngest);
    return true;
  }

  async function step(): Promise<void> {
    const steppable = live.map((sequence) => ({
      sequence,
      lane: sequence.lane,
      foreground: isForeground(sequence),
      pending: pending(sequence),
      reading: isReading(sequence),
      pause: Math.max(1, (pauses.get(sequence) ?? Number.POSITIVE_INFINITY) - sequence.read),
      rowsPerToken: sequence.job.scored > 0,
    }));
    const foreground = steppable.some((item) => item.foreground);
    const lone = fairness.lone(
      {
        foreground,
        background: steppable.some((item) => !item.foreground),
        readingForeground: steppable.some((item) => item.foreground && item.reading),
      },
      performance.now(),
    );
    const shares = planStep(steppable, lone);
    const began = performance.now();
    const parts = shares.map(({ sequence: { sequence }, tokens }) => ({
      lane: sequence.lane,
      position: sequence.read,
      tokens: sequence.tokens.slice(sequence.read, sequence.read + tokens),
      wanted: wantedRows(sequence, tokens),
    }));
    const mine = epoch;
    const threads = chooseThreads();
    if (threads !== null) backend.setThreads(threads);
    const rows = await backend.decode(parts);
    decodeMs += performance.now() - began;
    if (mine !== epoch) throw new Stuck("the step was given up");
    await inParallel(
      shares.map(({ sequence: { sequence }, tokens }, index) => ({
        sequence,
        tokens,
        wanted: parts[index]?.wanted ?? [],
        rows: rows[index] ?? [],
      })),
      8,
      (share) => digest(share.sequence, share.tokens, share.wanted, share.rows),
    );
    const now = performance.now();
    fairness.account({ lone, foreground, milliseconds: now - began }, now);
    steps++;
    tokensRead += shares.reduce((sum, { tokens }) => sum + tokens, 0);
    stepMs += now - began;
  }

  /** Takes in what the step said of one sequence. */
  async function digest(sequence: Sequence, count: number, wanted: readonly number[], rows: readonly number[]) {
    const { job } = sequence;
    const before = sequence.read;
    sequence.read += count;
    for (const [place, index] of wanted.entries()) {
      const row = rows[place];
      const position = before + index + 1;
      if (row === undefined) continue;
      if (position < job.prompt.length) {
        const token = job.prompt[position] ?? 0;
        const likeliest = await backend.likeliest(row, token);
        sequence.scores.set(position, toScore(token, likeliest, job.alternatives ?? 0));
      } else {
        tellScores(sequence);
        await advance(sequence, row);
        return;
      }
    }
  }

  const finished = new Map<Sequence, () => void>();

  function tellScores({ job, scores, generated }: Sequence): void {
    if (job.scored === 0 || generated > 0) return;
    const from = Math.max(0, job.prompt.length - job.scored);
    job.listener.scores(
      job.prompt.slice(from).map((token, index) => {
        const score = scores.get(from + index);
        return score?.token === token ? score : null;
      }),
    );
  }

  async function advance(sequence: Sequence, row: number): Promise<void> {
    const { job } = sequence;
    const { listener } = job;
    let drawn: Awaited<ReturnType<typeof drawToken>>;
    try {
      drawn = await drawToken(backend, sequence, row);
    } catch (error) {
      finished.set(sequence, () => listener.failed(error instanceof Error ? error : new Error(String(error))));
      return;
    }
    if (job.signal.aborted) return;
    sequence.generated++;
    if (isEnd(drawn.token)) {
      finished.set(sequence, () => listener.ended("stop"));
      return;
    }
    sequence.tokens.push(drawn.token);
    const goOn = listener.token(drawn.token, drawn.score);
    if (!goOn) finished.set(sequence, () => listener.ended("stop"));
    else if (sequence.generated >= job.mostTokens || sequence.tokens.length >= backend.contextTokens)
      finished.set(sequence, () => listener.ended("length"));
  }

  async function finish(): Promise<void> {
    for (const sequence of live) {
      if (finished.has(sequence) || pending(sequence) > 0) continue;
      finished.set(sequence, () => {
        tellScores(sequence);
        sequence.job.listener.ended("length");
      });
    }
    for (const [sequence, tell] of finished) await leave(sequence, tell);
    finished.clear();
  }

  /** The model failed: all who live are told, and the lanes are emptied; a stuck model is replaced. */
  async function recover(error: unknown): Promise<void> {
    const lost = live;
    epoch++;
    live = [];
    finished.clear();
    options.onStuck?.(error instanceof Error ? error : new Error(String(error)));
    for (const sequence of lost) {
      sequence.sampler?.dispose();
      states.discard(sequence);
      if (!sequence.job.signal.aborted) sequence.job.listener.failed(restarted());
    }
    if (error instanceof Stuck) backend = await options.reopen();
    else for (let lane = 0; lane < backend.lanes; lane++) backend.truncate(lane, 0);
  }

  async function turn(): Promise<void> {
    await sweep();
    await admit();
    await states.place(
      planMoves(
        live.map((sequence) => ({
          sequence,
          lane: sequence.lane,
          foreground: isForeground(sequence),
          pending: pending(sequence),
        })),
      ).map(({ sequence: { sequence }, to }) => ({ sequence, to })),
    );
    await finish();
    if (live.length === 0) return;
    await step();
    await finish();
  }

  async function run(): Promise<void> {
    while (!closing) {
      if (live.length === 0 && queue.length === 0) {
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
    for (const { job } of [...live, ...queue]) if (!job.signal.aborted) job.listener.failed(stopping());
    live = [];
    queue = [];
    states.close();
  }

  const running = run();

  return {
    submit(jobs) {
      if (closing) throw stopping();
      if (queue.length + jobs.length > mostQueued) throw overloaded();
      queue.push(...jobs.map(createSequence));
      wake?.();
    },
    status: () => ({
      live: live.length,
      queued: queue.length,
      cachedStates: states.count,
      cacheBytes: states.bytes,
      steps,
      stepMs,
      decodeMs,
      tokensRead,
    }),
    async close() {
      closing = true;
      wake?.();
      await running;
      await backend.close();
    },
  };
}

const noScores = new Map<number, never>();
