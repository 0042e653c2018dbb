import { decide } from "../../lib/engine/deliberate.ts";
import { always, balanced, type Policy } from "../../lib/engine/policy.ts";
import { hash, uniform } from "../../lib/engine/rng.ts";
import { type LoggedTurn, loggedTurn, trustFrom } from "../../lib/engine/trust.ts";
import type { Turn } from "../../lib/engine/turn.ts";
import { formatValues, goals } from "../../lib/engine/worlds/grammar.ts";
import { type PlayerOptions, playSlots, slotsTurn, usefulStances } from "../../lib/engine/worlds/player.ts";
import { type SelectorModel, selectorPort, trainSelector } from "../../lib/engine/worlds/selector.ts";
import { type Instance, makeInstance, utilities } from "../../lib/engine/worlds/slots.ts";
import type { Options } from "./options.ts";
import { align, bootstrap } from "./summary.ts";

const traffic = { clearShare: 0, partial: false };

/** A way in which what the engine is told is wrong; the truth, and so the regret, stays as it was. */
export interface Degradation {
  readonly name: string;
  readonly options?: (instance: Instance, seed: number) => PlayerOptions;
  readonly turn?: (turn: Turn) => Turn;
  /** The prior comes from the table instead of the selector. */
  readonly byTable?: boolean;
}

/** Intents left out, at random, until about this share of the true goals is none of the readings; weights to a power. */
const believing = (share: number, power: number) => (instance: Instance, seed: number) => ({
  believed: () => {
    const all = [...goals(instance)].map(({ values, weight }) => ({ values, weight: weight ** power }));
    const kept = all.filter(({ values }) => uniform(seed, "missing", formatValues(values)) >= share);
    return kept.length > 0 ? kept : all.slice(0, 1);
  },
});
/** This share of the readings replaced by ones that no person has: one slot with a value that it cannot take. */
const inventing = (share: number) => (instance: Instance, seed: number) => ({
  believed: () => {
    const weights = new Map<string, { values: number[]; weight: number }>();
    for (const { values, weight } of goals(instance)) {
      const key = formatValues(values);
      const slot = Math.floor(uniform(seed, "slot", key) * values.length);
      if (uniform(seed, "invented", key) < share) values[slot] = instance.p[slot]?.length ?? 0;
      const known = weights.get(formatValues(values))?.weight ?? 0;
      weights.set(formatValues(values), { values, weight: known + weight });
    }
    return [...weights.values()];
  },
});
const missing = (share: number) => believing(share, 1);
const tempered = (power: number) => believing(0, power);

const cooperative = (turn: Turn): Turn => ({
  ...turn,
  rates: { ...turn.rates, quits: turn.rates.quits / 2, quitsPerFurther: turn.rates.quitsPerFurther / 2 },
});

const tables = {
  good: () => ({ usefulness: usefulStances }),
  useless: (_instance: Instance, seed: number) => ({
    usefulness: (candidate: { id: string }, values: readonly number[]) =>
      uniform(seed, "useless", candidate.id, formatValues(values)) * 0.3 + 0.6 * uniform(seed, "row", candidate.id),
  }),
  inverted: () => ({
    usefulness: (...given: Parameters<typeof usefulStances>) => 0.9 - usefulStances(...given),
  }),
} satisfies Record<string, (instance: Instance, seed: number) => PlayerOptions>;

const longer = () => ({ judgeBias: (candidate: { tokens: number }) => 0.02 * (candidate.tokens / 100) });
const noisy = () => ({ judgeNoise: 2 });

/** Half of the goals missing, weights flattened, an inverted table, a user too patient, a judge that is noisy and likes length. */
const everything = {
  turn: cooperative,
  options: (instance: Instance, seed: number): PlayerOptions => ({
    ...believing(0.5, 0.5)(instance, seed),
    ...tables.inverted(),
    ...longer(),
    ...noisy(),
  }),
};

export const degradations: readonly Degradation[] = [
  { name: "as it is" },
  { name: "10 % of goals are none of the readings", options: missing(0.1) },
  { name: "30 % of goals are none of the readings", options: missing(0.3) },
  { name: "50 % of goals are none of the readings", options: missing(0.5) },
  { name: "10 % of readings are nobody's", options: inventing(0.1) },
  { name: "30 % of readings are nobody's", options: inventing(0.3) },
  { name: "50 % of readings are nobody's", options: inventing(0.5) },
  { name: "weights flattened (power 0.5)", options: tempered(0.5) },
  { name: "weights sharpened (power 2)", options: tempered(2) },
  { name: "simulated user quits half as often", turn: cooperative },
  { name: "judge likes length, +.02 per 100 tokens", options: longer },
  { name: "judge noise doubled", options: noisy },
  { name: "table for a prior: good", options: tables.good, byTable: true },
  { name: "table for a prior: useless", options: tables.useless, byTable: true },
  { name: "table for a prior: inverted", options: tables.inverted, byTable: true },
  { name: "all of it: half of the goals missing, weights, user, judge, inverted table", ...everything, byTable: true },
];

export async function regretUnder(
  degradation: Degradation,
  policy: Policy,
  model: SelectorModel,
  seed: number,
  index: number,
): Promise<number> {
  const own = hash(seed, "robust", index);
  const instance = makeInstance(own, traffic);
  const turn = slotsTurn(instance, policy, hash(own, "turn"));
  const ports = playSlots(instance, {
    ...(degradation.byTable ? {} : { selector: selectorPort(model, instance, own) }),
    ...degradation.options?.(instance, own),
  });
  const record = await decide(degradation.turn?.(turn) ?? turn, ports);
  return regretOf(instance, record.chosenId);
}

function regretOf(instance: Instance, chosen: string): number {
  const exact = utilities(instance);
  return Math.max(...Object.values(exact)) - (exact[chosen] ?? Number.NaN);
}

/** What a stream of turns is told; `none`: no table. */
const streams: Readonly<Record<string, Pick<Degradation, "options" | "turn">>> = {
  none: {},
  good: { options: tables.good },
  useless: { options: tables.useless },
  inverted: { options: tables.inverted },
  everything,
};
export type StreamKind = "none" | "good" | "useless" | "inverted" | "everything";

const instanceOf = (seed: number, index: number) => {
  const own = hash(seed, "stream", index);
  return { own, instance: makeInstance(own, traffic) };
};

/**
 * 200 turns in a row with one table, trust learned on the way: every turn that was rolled out is logged, and some of the
 * gated ones are rolled out afterwards as an audit. Returns the regret of each turn.
 */
export async function playStream(kind: StreamKind, seed: number, turns = 200, learns = true): Promise<number[]> {
  const told = streams[kind] ?? {};
  const log: LoggedTurn[] = [];
  const regrets: number[] = [];
  for (let index = 0; index < turns; index += 1) {
    const { own, instance } = instanceOf(seed, index);
    const ports = playSlots(instance, told.options?.(instance, own) ?? {});
    const trust = learns ? trustFrom(log) : 1;
    const made: Turn = { ...slotsTurn(instance, balanced, hash(own, "turn")), trust, logged: log.length };
    const turn = told.turn?.(made) ?? made;
    const record = await decide(turn, ports);
    regrets.push(regretOf(instance, record.chosenId));
    const audit = record.audit ? await decide({ ...turn, mode: "audit" }, ports) : null;
    const logged = loggedTurn(audit ?? record, audit !== null);
    if (logged) log.push(logged);
  }
  return regrets;
}

/** Always assuming on the turns of the same stream: nothing it is told can mislead it. */
export function assumeStream(seed: number, turns = 200): number[] {
  return Array.from({ length: turns }, (_, index) => regretOf(instanceOf(seed, index).instance, "assume"));
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The whole report as text. */
export async function robustness(options: Options): Promise<string> {
  const model = await trainSelector(traffic);
  const n = Math.min(options.instances, 1000);
  const series: number[][] = [];
  for (const degradation of degradations) {
    const regrets: number[] = [];
    for (let index = 0; index < n; index += 1)
      regrets.push(await regretUnder(degradation, balanced, model, options.seed, index));
    series.push(regrets);
  }
  const assume: number[] = [];
  for (let index = 0; index < n; index += 1)
    assume.push(await regretUnder({ name: "" }, always("assume"), model, options.seed, index));
  series.push(assume);
  const intervals = bootstrap(series, options.seed);
  const names = [...degradations.map(({ name }) => name), "always_assume, for comparison"];
  const lines = names.map((name, index) => [
    name,
    average(series[index] ?? []).toFixed(4),
    (intervals[index] ?? []).map((bound) => bound.toFixed(4)).join(" … "),
  ]);
  const first = align([["what the engine is told (slots-ambiguous, parley)", "regret", "95 %"], ...lines]);

  const many = 12;
  const trusting: string[][] = [
    ["table, 200 turns in a row", "turns 1–200", "turns 31–200", "turns 101–200", "not learning"],
  ];
  const seeds = Array.from({ length: many }, (_, index) => hash(options.seed, "streams", index));
  const row = (name: string, played: readonly number[][], stubborn: string) => {
    const from = (start: number) => average(played.map((regrets) => average(regrets.slice(start)))).toFixed(4);
    trusting.push([name, from(0), from(30), from(100), stubborn]);
  };
  for (const kind of ["none", "good", "useless", "inverted", "everything"] as const) {
    const played: number[][] = [];
    const stubborn: number[] = [];
    for (const seed of seeds) {
      played.push(await playStream(kind, seed));
      stubborn.push(average(await playStream(kind, seed, 200, false)));
    }
    row(kind, played, average(stubborn).toFixed(4));
  }
  const assumed = seeds.map((seed) => assumeStream(seed));
  row("always_assume, for comparison", assumed, "");
  return `\n${first}\n\n${align(trusting)}`;
}
