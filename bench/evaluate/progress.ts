/** A line that says how far a run is and how long it will still take; quiet where nobody watches. */
export interface Progress {
  /** One more item done; `fresh` false where it came from the store and says nothing about speed. */
  tick(fresh: boolean): void;
  end(): void;
}

const WIDTH = 24;

export function progress(
  label: string,
  total: number,
  output: { isTTY?: boolean; write(text: string): unknown },
  now: () => number = Date.now,
): Progress {
  const started = now();
  let done = 0;
  let fresh = 0;
  let said = Number.NEGATIVE_INFINITY;
  const line = () => {
    const filled = total === 0 ? WIDTH : Math.round((WIDTH * done) / total);
    const bar = `${"█".repeat(filled)}${"·".repeat(WIDTH - filled)}`;
    return `${label} ${bar} ${done}/${total} ${timeLeft(fresh, total - done, now() - started)}`;
  };
  return {
    tick: (isFresh) => {
      done++;
      if (isFresh) fresh++;
      // A terminal sees every item, a log one line in ten seconds.
      const every = output.isTTY ? 0 : 10_000;
      if (done < total && now() - said < every) return;
      said = now();
      output.write(output.isTTY ? `\r${line()}\u001b[K` : `${line()}\n`);
    },
    end: () => {
      if (output.isTTY) output.write("\n");
    },
  };
}

export function timeLeft(fresh: number, left: number, elapsedMs: number): string {
  if (left === 0) return "done";
  if (fresh === 0) return "time left unknown";
  const seconds = Math.round((elapsedMs / fresh / 1000) * left);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s left` : `${seconds} s left`;
}
