import { readEvents, readJournal } from "../store/events.ts";
import { listen } from "../store/listen.ts";
import { readRun } from "../store/runs.ts";
import type { Chunk } from "./chunk.ts";
import { fold, replay } from "./fold.ts";

/** Behind the announcements, which a lost connection swallows, a look each second. */
const pollMs = 1_000;

/** `seq`: the reader has everything up to here once it has this chunk; null inside a folded beginning. */
export type Told = { chunk: Chunk; seq: number | null };

/**
 * Follows a run's journal to its end. From the start (`after` 0) what is past comes folded; else whatever came after
 * `after`, as it was written. Ends with `finish`, when `signal` aborts, or when the run is gone.
 */
export async function* tail(runId: string, after: number, signal: AbortSignal): AsyncGenerator<Told> {
  const bell = openBell(runId, signal);
  try {
    let seen = after;
    if (after === 0) {
      const events = await readJournal(runId);
      const chunks = replay(fold(events.map((event) => event.payload as Chunk)));
      seen = events.at(-1)?.seq ?? 0;
      const last = chunks.length - 1;
      if (seen > 0) for (const [index, chunk] of chunks.entries()) yield { chunk, seq: index === last ? seen : null };
      if (chunks[last]?.type === "finish") return;
    }
    while (!signal.aborted) {
      const events = await readEvents(runId, seen);
      for (const { seq, payload } of events) {
        const chunk = payload as Chunk;
        seen = seq;
        yield { chunk, seq };
        if (chunk.type === "finish") return;
      }
      if (events.length > 0) continue;
      // A journal ends in the transaction that ends its run: no more can come of one that does not run.
      if (!(await bell.wait()) && (await readRun(runId))?.state !== "running") {
        if ((await readEvents(runId, seen, 1)).length === 0) return;
      }
    }
  } finally {
    bell.close();
  }
}

/** Rings when the journal is announced to have grown; a ring between two waits is not lost. */
function openBell(runId: string, signal: AbortSignal) {
  let rung = false;
  let wake: () => void = () => undefined;
  const ring = () => {
    rung = true;
    wake();
  };
  const stopListening = listen("journal", runId, ring);
  signal.addEventListener("abort", ring, { once: true });
  return {
    /** True when it rang, false when the time was up. */
    async wait(): Promise<boolean> {
      if (!rung) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, pollMs);
        });
        clearTimeout(timer);
      }
      const heard = rung;
      rung = false;
      return heard;
    },
    close() {
      stopListening();
      signal.removeEventListener("abort", ring);
    },
  };
}
