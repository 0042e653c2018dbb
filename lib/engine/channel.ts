/** A queue between whoever emits and the one who reads. Pushing never waits; reading waits for the next value or the end. */
export interface Channel<T> {
  push(value: T): void;
  close(): void;
  /** Everything pushed until now, in order; empty only when the channel is closed and read to its end. */
  take(): Promise<T[]>;
}

export function channel<T>(): Channel<T> {
  let queue: T[] = [];
  let closed = false;
  let wake: (() => void) | null = null;
  const stir = () => {
    wake?.();
    wake = null;
  };
  return {
    push(value) {
      if (closed) return;
      queue.push(value);
      stir();
    },
    close() {
      closed = true;
      stir();
    },
    async take() {
      if (queue.length === 0 && !closed) await new Promise<void>((resolve) => (wake = resolve));
      const taken = queue;
      queue = [];
      return taken;
    },
  };
}
