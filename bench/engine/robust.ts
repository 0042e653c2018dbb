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

/** Leaves out intents, at random, until about this share of the true goals is none of the readings. */
const missing = (share: number) => (instance: Instance, seed: number) => ({
  believed: () => {
    const all = [...goals(instance)];
    const kept = all.filter(({ values }) => uniform(seed, "missing", formatValues(values)) >= share);
    return kept.length > 0 ? kept : all.slice(0, 1);
  },
});

const tempered = (power: number) => (instance: Instance) => ({
  believed: () => [...goals(instance)].map(({ values, weight }) => ({ values, weight: weight ** power })),
});

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
export type TableKind = keyof typeof tables;

const longer = () => ({ judgeBias: (candidate: { tokens: number }) => 0.02 * (candidate.tokens / 100) });
const noisy = () => ({ judgeNoise: 0.16 });

export const degradations: readonly Degradation[] = [
  { name: "as it is" },
  { name: "10 % of goals are none of the readings", options: missing(0.1) },
  { name: "30 %", options: missing(0.3) },
  { name: "50 %", options: missing(0.5) },
  { name: "weights flattened (power 0.5)", options: tempered(0.5) },
  { name: "weights sharpened (power 2)", options: tempered(2) },
  { name: "simulated user quits half as often", turn: cooperative },
  { name: "judge likes length, +.02 per 100 tokens", options: longer },
  { name: "judge noise doubled", options: noisy },
  { name: "table for a prior: good", options: tables.good, byTable: true },
  { name: "table for a prior: useless", options: tables.useless, byTable: true },
  { name: "table for a prior: inverted", options: tables.inverted, byTable: true },
  {
    name: "all of it, inverted table",
    byTable: true,
    turn: cooperative,
    options: (instance, seed) => ({
      ...missing(0.3)(instance, seed),
      ...tables.inverted(),
      ...longer(),
      ...noisy(),
    }),
  },
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

/**
 * 200 turns in a row with one table, trust learned on the way: every turn that was rolled out is logged, and 5 % of the
 * gated ones are rolled out afterwards as an audit. Returns the regret of each turn.
 */
export async function playStream(
  kind: TableKind | "none",
  seed: number,
  turns = 200,
  learns = true,
): Promise<number[]> {
  const log: LoggedTurn[] = [];
  const regrets: number[] = [];
  for (let index = 0; index < turns; index += 1) {
    const own = hash(seed, "stream", index);
    const instance = makeInstance(own, traffic);
    const ports = playSlots(instance, kind === "none" ? {} : tables[kind](instance, own));
    const trust = learns ? trustFrom(log) : 1;
    const turn: Turn = { ...slotsTurn(instance, balanced, hash(own, "turn")), trust, logged: log.length };
    const record = await decide(turn, ports);
    regrets.push(regretOf(instance, record.chosenId));
    const audit = record.audit ? await decide({ ...turn, mode: "audit" }, ports) : null;
    const logged = loggedTurn(audit ?? record, audit !== null);
    if (logged) log.push(logged);
  }
  return regrets;
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

  const streams = 12;
  const trusting: string[][] = [
    ["table, 200 turns in a row", "turns 1–200", "turns 31–200", "turns 101–200", "not learning"],
  ];
  for (const kind of ["none", "good", "useless", "inverted"] as const) {
    const played: number[][] = [];
    const stubborn: number[] = [];
    for (let index = 0; index < streams; index += 1) {
      played.push(await playStream(kind, hash(options.seed, "streams", index)));
      stubborn.push(average(await playStream(kind, hash(options.seed, "streams", index), 200, false)));
    }
    const from = (start: number) => average(played.map((regrets) => average(regrets.slice(start)))).toFixed(4);
    trusting.push([kind, from(0), from(30), from(100), average(stubborn).toFixed(4)]);
  }
  return `\n${first}\n\n${align(trusting)}`;
}
