import { setTimeout as delay } from "node:timers/promises";
import { listen } from "../store/listen.ts";
import { beat, readFlags } from "../store/runs.ts";

/** A run that this process works on. */
type Held = {
  /** The person wants it to stop. */
  stop: AbortController;
  answerNow: AbortController;
  /** Somebody else ended the run (reaper, deletion): whatever we still make of it can no longer be written. */
  lost: AbortController;
  /** This process is about to end. */
  leaving: AbortController;
  release: () => void;
};

/** How often flags are looked at where the announcement went unheard; the heart beats every second time. */
const lookMs = 1_000;

type Registry = { held: Map<string, Held>; timer: NodeJS.Timeout | null; ticks: number };
const shared = globalThis as typeof globalThis & { parleyLive?: Registry };

function registry(): Registry {
  shared.parleyLive ??= { held: new Map(), timer: null, ticks: 0 };
  return shared.parleyLive;
}

/** Takes a run under this process's heartbeat until `release`. The signals abort as its flags are set, by whichever process. */
export function hold(runId: string): Held {
  const runs = registry();
  const stopListening = listen("control", runId, () => void look([runId]));
  const held: Held = {
    stop: new AbortController(),
    answerNow: new AbortController(),
    lost: new AbortController(),
    leaving: new AbortController(),
    release: () => {
      stopListening();
      runs.held.delete(runId);
      if (runs.held.size > 0 || !runs.timer) return;
      clearInterval(runs.timer);
      runs.timer = null;
    },
  };
  runs.held.set(runId, held);
  runs.timer ??= setInterval(() => void tick(), lookMs);
  return held;
}

const heldRuns = (): string[] => [...registry().held.keys()];

/**
 * Lets this process's runs finish within `graceMs`, then closes the others as interrupted, so that nobody waits for a reaper.
 * Resolves when none is held any more, or after as long again.
 */
export async function drain(graceMs: number): Promise<void> {
  const empty = async (ms: number) => {
    for (const until = Date.now() + ms; registry().held.size > 0 && Date.now() < until; ) await delay(50);
  };
  await empty(graceMs);
  for (const held of registry().held.values()) held.leaving.abort();
  await empty(Math.max(graceMs, 2_000));
}

async function tick(): Promise<void> {
  const runs = registry();
  runs.ticks += 1;
  const ids = heldRuns();
  // A heartbeat that fails is nothing yet: the next may succeed, and after 15 silent seconds the reaper decides.
  if (runs.ticks % 2 === 0) await beat(ids).catch(() => undefined);
  await look(ids);
}

async function look(ids: string[]): Promise<void> {
  const rows = await readFlags(ids).catch(() => null);
  if (!rows) return;
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const id of ids) {
    const held = registry().held.get(id);
    const flags = found.get(id);
    if (!held) continue;
    if (!flags) held.lost.abort();
    if (flags?.stopRequested) held.stop.abort();
    if (flags?.answerNow) held.answerNow.abort();
  }
}
