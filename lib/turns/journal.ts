import { setTimeout as delay } from "node:timers/promises";
import { appendEvents, readEvents } from "../store/events.ts";
import { type Chunk, isData, textId } from "./chunk.ts";
import { addTo, type Folded, fold } from "./fold.ts";

/** Text is appended every so many milliseconds, not per token: a row a token would cost more than the reply. */
const gatherMs = 50;
const triesWhenDatabaseFails = 6;

export type Journal = {
  write(chunk: Chunk): void;
  /** A piece of the reply's text. */
  text(piece: string): void;
  /** Stops appending; what is not yet appended is the closing transaction's to write, after `seq`. */
  end(): Promise<{ seq: number; rest: Chunk[]; folded: Folded }>;
};

/**
 * The event log of one run, written by the one process that holds it. One append is under way at a time; meanwhile what
 * comes is gathered, so a slow database makes larger batches and not a longer queue.
 * @param opened what the run's opening transaction has written already
 * @param onLost the run was ended by somebody else, or the database is gone for good: nothing more can be written
 */
export function openJournal(runId: string, opened: readonly Chunk[], onLost: (why: unknown) => void): Journal {
  const folded = fold(opened);
  let seq = opened.length;
  let waiting: Chunk[] = [];
  /** The first half of a character whose second half is in the next piece. */
  let half = "";
  const ended = new AbortController();
  let lost = false;
  let flushing: Promise<void> | null = null;

  const push = (chunk: Chunk) => {
    addTo(folded, chunk);
    const last = waiting.at(-1);
    if (chunk.type === "text-delta" && last?.type === "text-delta") {
      waiting[waiting.length - 1] = { ...last, delta: last.delta + chunk.delta };
    } else {
      // Only the last word of a part counts: an earlier one that nobody has seen need not be told.
      if (isData(chunk))
        waiting = waiting.filter((other) => other.type !== chunk.type || !isData(other) || other.id !== chunk.id);
      waiting.push(chunk);
    }
    flushing ??= flush();
  };

  const flush = async () => {
    // Lets a burst of events of one tick become one append, without delaying the first.
    await null;
    while (waiting.length > 0 && !ended.signal.aborted && !lost) {
      const batch = waiting;
      waiting = [];
      if (await append(runId, seq, batch, onLost)) seq += batch.length;
      else lost = true;
      await delay(gatherMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
    flushing = null;
  };

  return {
    write: push,
    text(piece) {
      const whole = half + piece;
      half = /[\uD800-\uDBFF]$/.test(whole) ? whole.slice(-1) : "";
      const delta = half === "" ? whole : whole.slice(0, -1);
      if (delta === "") return;
      if (folded.textState === "none") push({ type: "text-start", id: textId });
      push({ type: "text-delta", id: textId, delta });
    },
    async end() {
      ended.abort();
      await flushing;
      return { seq, rest: waiting, folded };
    },
  };
}

/** A database that is away for a moment must not cost the turn; one that is away for good ends it. */
async function append(runId: string, after: number, batch: Chunk[], onLost: (why: unknown) => void): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (await appendEvents(runId, after, batch)) return true;
      onLost(new Error("The run was ended elsewhere."));
      return false;
    } catch (error) {
      if (attempt === triesWhenDatabaseFails) {
        onLost(error);
        return false;
      }
      await delay(200 * 2 ** attempt);
      // The answer may have been lost after the rows were written.
      const written = await readEvents(runId, after).catch(() => []);
      if (written.length === batch.length) return true;
    }
  }
}
