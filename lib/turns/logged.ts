import type { Turn } from "../engine/index.ts";
import type { Kind, Preset } from "../shared/kinds.ts";
import { readCallTimes, readKindMeans, readLengths, readLoggedTurns, readUsualTimes } from "../store/statistics.ts";
import { trustOf } from "./trust.ts";

/** What the logs of earlier turns tell the next one. */
export type Logged = Pick<Turn, "trust" | "kindMeans" | "lengths"> & {
  /** Milliseconds of one call of the model, by purpose. */
  times: Record<string, number>;
  /** Milliseconds that nine of ten turns of a preset take. */
  usual: Partial<Record<Preset, number>>;
};

const shared = globalThis as typeof globalThis & { parleyLogged?: { readAt: number; logged: Promise<Logged> } };
/** Sums over hundreds of turns change slowly; a minute old is fresh. */
const freshMs = 60_000;

/** Read at most once a minute, for the model that writes. */
export function readLogged(model: string): Promise<Logged> {
  const held = shared.parleyLogged;
  if (held && Date.now() - held.readAt < freshMs) return held.logged;
  const logged = sumUp(model);
  shared.parleyLogged = { readAt: Date.now(), logged };
  // A failure is not worth keeping for a minute.
  logged.catch(() => delete shared.parleyLogged);
  return logged;
}

async function sumUp(model: string): Promise<Logged> {
  const [turns, means, lengths, times, usual] = await Promise.all([
    readLoggedTurns(),
    readKindMeans(),
    readLengths(),
    readCallTimes(model),
    readUsualTimes(),
  ]);
  return { trust: trustOf(turns), kindMeans: everyKind(means, 0), lengths: everyKind(lengths, null), times, usual };
}

function everyKind<T>(known: Partial<Record<Kind, number>>, otherwise: T): Record<Kind, number | T> {
  const of = (kind: Kind) => known[kind] ?? otherwise;
  return { answer: of("answer"), assume: of("assume"), ask: of("ask"), hybrid: of("hybrid") };
}
