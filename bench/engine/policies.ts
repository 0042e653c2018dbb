import {
  always,
  balanced,
  deep,
  evpi,
  fast,
  halving,
  type Policy,
  reference,
  ttts,
  uniformRollouts,
} from "../../lib/engine/policy.ts";
import type { Problem, SettingName } from "./settings.ts";

/** A policy of the comparison. `useful`: it lives by the table's usefulness, which the others are not shown. */
export interface Contestant {
  readonly name: string;
  readonly useful: boolean;
  policy(problem: Problem): Policy;
}

const same = (name: string, policy: Policy, useful = false): Contestant => ({ name, useful, policy: () => policy });

/** The candidate of the highest exact utility: what nothing can beat. */
const oracle: Contestant = {
  name: "oracle",
  useful: false,
  policy: ({ utilities }) => {
    const best = Object.keys(utilities).reduce((a, b) => ((utilities[b] ?? 0) > (utilities[a] ?? 0) ? b : a));
    return { ...always("answer"), name: "oracle", drafts: balanced.drafts, fixed: { candidate: best } };
  },
};

const counts = [1, 3, 6, 12];
/** Without a prior uniform needs many more until it is as good as parley, which has to be seen to be compared. */
const manyCounts = [...counts, 24, 48];
/** κ along parley's own curve, besides the presets. */
const kappas = [1e-3, 3e-4, 7e-5, 2e-5] as const;
/** Where a deadline cuts `balanced` after one round, and one round more than it has. */
const cuts = [1, 3] as const;

/** The same blocks without a rule that stops them, cut after so many rounds: what `limits.ts` looks back on. */
export const stages = [0, 1, 2, 3, 4] as const;
export const stageName = (rounds: number): string => `stage_${rounds}`;
const stage = (rounds: number): Contestant =>
  same(stageName(rounds), {
    ...balanced,
    name: "stage",
    gate: { ...balanced.gate, regret: false, evpi: false },
    epsilon: 0,
    kappa: balanced.kappa / 10,
    most: 12,
    rounds,
  });

/** The policies of a setting, all or those named; parley leads the list where it takes part. */
export function contestants(setting: SettingName, only: readonly string[] | null = null): Contestant[] {
  if (only === null) return everyContestant(setting);
  return [...everyContestant(setting), ...stages.map(stage)].filter(({ name }) => only.includes(name));
}

function everyContestant(setting: SettingName): Contestant[] {
  const uniform = setting === "slots-ambiguous-cold" ? manyCounts : counts;
  const list: Contestant[] = [
    same("parley", balanced),
    same("parley_fast", fast),
    same("parley_deep", deep),
    ...cuts.map((rounds) => same(`parley_rounds_${rounds}`, { ...balanced, rounds, most: balanced.next * rounds })),
    same("always_answer", always("answer")),
    ...(setting === "goals" ? [] : [same("always_assume", always("assume"))]),
    same("always_ask", always("ask")),
    ...uniform.map((count) => same(`uniform_${count}`, uniformRollouts(count, false))),
    ...uniform.map((count) => same(`uniform_paired_${count}`, uniformRollouts(count, true))),
    same("reference", reference),
    same("halving", halving(3)),
    same("ttts", ttts),
    same("evpi", evpi, true),
    oracle,
  ];
  if (setting === "goals") return list;
  const curve = kappas.map((kappa) =>
    same(`parley_kappa_${kappa}`, { ...balanced, name: "parley", kappa, most: 30, rounds: 10, epsilon: kappa * 60 }),
  );
  return [...list, ...curve];
}
