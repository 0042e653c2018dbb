import { aborted } from "./errors.ts";

export type Priority = "foreground" | "background";

/** At most `limit` calls at once; waiting foreground calls go before background ones, each in order of arrival. */
export interface Limiter {
  /** Resolves with the function that gives the place back. Rejects with `aborted` when the signal fires first. */
  acquire(priority: Priority, signal: AbortSignal): Promise<() => void>;
  setLimit(limit: number): void;
  readonly limit: number;
  readonly active: number;
  readonly waiting: number;
}

interface Waiter {
  start: () => void;
}

export function createLimiter(initial: number): Limiter {
  let limit = Math.max(1, Math.floor(initial));
  let active = 0;
  const queues: Record<Priority, Waiter[]> = { foreground: [], background: [] };

  const pump = (): void => {
    while (active < limit) {
      const next = queues.foreground.shift() ?? queues.background.shift();
      if (!next) return;
      active += 1;
      next.start();
    }
  };

  const place = (): (() => void) => {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      active -= 1;
      pump();
    };
  };

  return {
    acquire: (priority, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(aborted(signal.reason));
        const onAbort = (): void => {
          const queue = queues[priority];
          const at = queue.indexOf(waiter);
          if (at >= 0) queue.splice(at, 1);
          reject(aborted(signal.reason));
        };
        const waiter: Waiter = {
          start: () => {
            signal.removeEventListener("abort", onAbort);
            resolve(place());
          },
        };
        signal.addEventListener("abort", onAbort, { once: true });
        queues[priority].push(waiter);
        pump();
      }),
    setLimit: (next) => {
      limit = Math.max(1, Math.floor(next));
      pump();
    },
    get limit() {
      return limit;
    },
    get active() {
      return active;
    },
    get waiting() {
      return queues.foreground.length + queues.background.length;
    },
  };
}
