import { loggedTurn, noiseFrom, presetPolicies, type Turn, trustFrom } from "../engine/index.ts";
import type { Kind, Preset } from "../shared/kinds.ts";
import {
  readCallTimes,
  readKindMeans,
  readLengths,
  readLoggedRecords,
  readScatter,
  readUsualTimes,
} from "../store/statistics.ts";

type Models = Turn["models"];

/** What the logs of earlier turns tell the next one. */
export type Logged = Pick<Turn, "trust" | "kindMeans" | "lengths" | "noise"> & {
  /** Turns that were rolled out so far. */
  logged: number;
  /** Milliseconds of one call of the model, by purpose. */
  times: Record<string, number>;
  /** Milliseconds that nine of ten turns of a preset take. */
  usual: Partial<Record<Preset, number>>;
};

const shared = globalThis as typeof globalThis & {
  parleyLogged?: { of: string; readAt: number; logged: Promise<Logged> };
};
/** Sums over hundreds of turns change slowly; a minute old is fresh. */
const freshMs = 60_000;

/** Read at most once a minute. */
export function readLogged(models: Models): Promise<Logged> {
  const of = JSON.stringify(models);
  const held = shared.parleyLogged;
  if (held?.of === of && Date.now() - held.readAt < freshMs) return held.logged;
  const logged = sumUp(models);
  shared.parleyLogged = { of, readAt: Date.now(), logged };
  // A failure is not worth keeping for a minute.
  logged.catch(() => delete shared.parleyLogged);
  return logged;
}

/** Reads the logs of the turns that these models played, their rewards only under the policy as it is now. */
export async function sumUp(models: Models): Promise<Logged> {
  const compared = { policyVersion: presetPolicies.balanced.version, models };
  const [records, scatter, means, lengths, times, usual] = await Promise.all([
    readLoggedRecords(compared),
    readScatter(compared),
    readKindMeans(compared),
    readLengths(models.assistant),
    readCallTimes(models.assistant),
    readUsualTimes(models),
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
