import type { Clock } from "../ports.ts";

/** A clock that stands still until nothing else can happen, then jumps to the next sleeper. */
export interface VirtualTime {
  readonly clock: Clock;
  /** Runs until `work` settles, firing sleepers in order. Rejects if the work can never settle. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Calls back at a moment. */
  at(ms: number, then: () => void): void;
  /** Moves the clock by hand, backwards too. */
  jump(ms: number): void;
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

export function virtualTime(): VirtualTime {
  let now = 0;
  let offset = 0;
  let order = 0;
  let sleepers: Sleeper[] = [];
  const sleepUntil = (at: number, wake: () => void) => {
    order += 1;
    const sleeper = { at, order, wake };
    sleepers.push(sleeper);
    return () => {
      sleepers = sleepers.filter((other) => other !== sleeper);
    };
  };
  return {
    clock: {
      now: () => now + offset,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          const cancel = sleepUntil(now + Math.max(0, ms), resolve);
          signal.addEventListener("abort", () => {
            cancel();
            resolve();
          });
        }),
    },
    async run(work) {
      let settled = false;
      const watched = work.finally(() => {
        settled = true;
      });
      watched.catch(() => {});
      for (;;) {
        await breathe();
        if (settled) return watched;
        const first = [...sleepers].sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (first === undefined) throw new Error("nothing is left that could happen");
        sleepers = sleepers.filter((other) => other !== first);
        now = Math.max(now, first.at);
        first.wake();
      }
    },
    at: (ms, then) => {
      sleepUntil(ms, then);
    },
    jump(ms) {
      offset += ms;
    },
  };
}
