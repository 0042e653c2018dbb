import { loggedTurn, noiseFrom, type Turn, trustFrom } from "../engine/index.ts";
import type { Kind, Preset } from "../shared/kinds.ts";
import {
  readCallTimes,
  readKindMeans,
  readLengths,
  readLoggedRecords,
  readScatter,
  readUsualTimes,
} from "../store/statistics.ts";

/** What the logs of earlier turns tell the next one. */
export type Logged = Pick<Turn, "trust" | "kindMeans" | "lengths" | "noise"> & {
  /** Turns that were rolled out so far. */
  logged: number;
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

/** Reads the logs of all turns; for the model whose call times are wanted. */
export async function sumUp(model: string): Promise<Logged> {
  const [records, scatter, means, lengths, times, usual] = await Promise.all([
    readLoggedRecords(),
    readScatter(),
    readKindMeans(),
    readLengths(),
    readCallTimes(model),
    readUsualTimes(),
  ]);
  const turns = records.flatMap(({ audited, ...record }) => loggedTurn(record, audited) ?? []);
  return {
    trust: trustFrom(turns),
    logged: turns.length,
    noise: noiseFrom(scatter),
    kindMeans: everyKind(means, 0),
    lengths: everyKind(lengths, null),
    times,
    usual,
  };
}

function everyKind<T>(known: Partial<Record<Kind, number>>, otherwise: T): Record<Kind, number | T> {
  const of = (kind: Kind) => known[kind] ?? otherwise;
  return { answer: of("answer"), assume: of("assume"), ask: of("ask"), hybrid: of("hybrid") };
}
