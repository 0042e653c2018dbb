import { describeError } from "../shared/describe-error.ts";
import { readJournal } from "../store/events.ts";
import { forgetWindows } from "../store/limits.ts";
import { listSilent, readRun } from "../store/runs.ts";
import type { Chunk } from "./chunk.ts";
import { closeRun } from "./close.ts";
import type { TurnDependencies } from "./deliberator.ts";
import { errorPart } from "./failure.ts";
import { fold } from "./fold.ts";

/** Seven missed heartbeats: longer than any pause of a process that lives. */
const silentSeconds = 15;
const everyMs = 5_000;
const dayInSeconds = 86_400;

/**
 * Ends what a process that died left running: what its journal holds becomes the message, and the person can go on from it.
 * Safe to run anywhere, any number of times at once: a run is ended once, and only if it is still silent at that moment.
 * @returns how many it ended; throws once it has tried them all, where some could not be
 */
export async function reap(): Promise<number> {
  let ended = 0;
  const failures: unknown[] = [];
  for (const { id } of await listSilent(silentSeconds)) {
    // One that cannot be ended must not keep the others waiting.
    await end(id).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new Error(`${failures.length} could not be ended`, { cause: failures[0] });
  return ended;

  async function end(id: string): Promise<void> {
    const [run, events] = await Promise.all([readRun(id), readJournal(id)]);
    if (!run) return;
    const folded = fold(events.map((event) => event.payload as Chunk));
    const seq = events.at(-1)?.seq ?? 0;
    const error = errorPart("interrupted");
    const closing = {
      run,
      state: "interrupted" as const,
      error,
      seq,
      rest: [],
      folded,
      record: null,
      usage: [],
      silentFor: silentSeconds,
    };
    if (await closeRun(closing)) ended += 1;
  }
}

const shared = globalThis as typeof globalThis & { parleyReaper?: NodeJS.Timeout };

/** Reaps now and every few seconds, once a process. */
export function startReaper(log: TurnDependencies["log"]): void {
  if (shared.parleyReaper) return;
  let busy = false;
  const round = async () => {
    if (busy) return;
    busy = true;
    try {
      const ended = await reap();
      if (ended > 0) log.info({ ended }, "interrupted runs closed");
      await forgetWindows(2 * dayInSeconds);
    } catch (error) {
      log.error({ error: describeError(error) }, "reaper failed");
    } finally {
      busy = false;
    }
  };
  shared.parleyReaper = setInterval(() => void round(), everyMs).unref();
  void round();
}
