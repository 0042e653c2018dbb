import { cpus } from "node:os";

/** Processor time so far, in milliseconds, added up over cores. */
export interface ProcessorTimes {
  readonly at: number;
  /** Of all programs. */
  readonly busy: number;
  /** Of this process. */
  readonly own: number;
}

export function readProcessorTimes(): ProcessorTimes {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), busy, own: (user + system) / 1_000 };
}

const windowMs = 200;
/** In cores: above the first others get a core of their own, below the second it is taken back. */
const crowded = 0.35;
const clear = 0.2;

/**
 * How many threads the next step should use. llama.cpp's threads meet some 500 times in a step and spin while they
 * wait, so one that has to share its core stalls all of them: measured, a step on two threads beside one busy program took
 * 20 to 300 times as long as on one thread. So every core that other programs use is left to them.
 */
export function createThreadPolicy(most: number, read: () => ProcessorTimes = readProcessorTimes): () => number {
  let last = read();
  let threads = most;
  return () => {
    if (most === 1) return 1;
    const now = read();
    const elapsed = now.at - last.at;
    if (elapsed < windowMs) return threads;
    const others = (now.busy - last.busy - (now.own - last.own)) / elapsed;
    last = now;
    // Clock ticks are coarse: within the band what was decided stands.
    const atMost = Math.max(1, most - Math.ceil(others - crowded));
    const atLeast = Math.max(1, most - Math.ceil(others - clear));
    threads = Math.min(Math.max(threads, atLeast), atMost);
    return threads;
  };
}
