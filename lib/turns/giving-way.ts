/**
 * Work that nobody waits for, on a machine that has no room beside work that somebody waits for: it ends when such work
 * begins, and does not begin while such work is there. What one process does; another one's machine is its own affair.
 */
export function createGivingWay() {
  const idle = new Set<AbortController>();
  let waiting = 0;
  return {
    /** How many wait now. */
    waiting: (): number => waiting,
    /** Somebody waits from now on. Returns what to call when they no longer do. */
    someoneWaits(): () => void {
      waiting += 1;
      for (const controller of idle) controller.abort();
      let over = false;
      return () => {
        if (over) return;
        over = true;
        waiting -= 1;
      };
    },
    /** Runs only while nobody waits: `signal` fires when somebody does. Call `done` at its end. */
    begin(): { signal: AbortSignal; done: () => void } {
      const controller = new AbortController();
      if (waiting > 0) controller.abort();
      idle.add(controller);
      return { signal: controller.signal, done: () => void idle.delete(controller) };
    },
  };
}
