import type { Kind, Preset } from "../shared/kinds.ts";
import type { NoiseModel } from "./posterior.ts";

/** A candidate to draft besides the direct answer. */
export interface DraftPlan {
  readonly id: string;
  readonly kind: Exclude<Kind, "answer">;
}

/**
 * How the next block is chosen.
 * `designed` (ours): the set of candidates and number of intents with the best value of information per call ·
 * `block`: engine.md's plain rule, drop P(best) < 0.05 and play r more intents with the rest ·
 * `fixed`: K intents for everybody, then stop · `halving`: sequential halving over the same total ·
 * `ttts`: top-two Thompson sampling, one rollout at a time.
 */
export type Allocation = "designed" | "block" | "fixed" | "halving" | "ttts";

/**
 * A policy is data. Presets and baselines differ in these numbers only, so every comparison runs through the same
 * `deliberate`. Rewards are in units of MR, times in multiples of L.
 */
export interface Policy {
  readonly name: string;
  /** Goes into the record; changes whenever a number or the rule behind one changes. */
  readonly version: string;
  /** The preset it stands for in the record; baselines say `reference` or `direct`. */
  readonly preset: Preset;
  /** Without lookahead: release this. `table`: the prior's leader, no rollout. `candidate`: the one of this id (the oracle). */
  readonly fixed: null | { readonly kind: Kind } | { readonly candidate: string } | { readonly by: "table" };
  readonly drafts: readonly DraftPlan[];
  /** Read what the person told later together with the request it adds to, where the ports can. Plain chat does not. */
  readonly gathers: boolean;
  readonly gate: {
    /** P(clear) from which a request is answered at once, where no selector decides; null = no clarity check. */
    readonly clear: number | null;
    /** Release without a rollout when the prior's expected regret is ≤ ε. */
    readonly regret: boolean;
    /** Release an answer when knowing the intent is worth no more than one question costs. */
    readonly evpi: boolean;
    /** Share of gated turns to be rolled out in the background afterwards. */
    readonly audit: number;
  };
  readonly prior: {
    /** Use selector and table as prior means. */
    readonly use: boolean;
    /** τ with a selector or a table, and with neither. */
    readonly sd: number;
    readonly flatSd: number;
  };
  /** ε: the expected regret that is good enough. */
  readonly epsilon: number;
  /** κ: what one model call is worth. */
  readonly kappa: number;
  readonly allocation: Allocation;
  /** Intents in the first block (r0) and in each further one (r); K_max intents a turn; rounds of blocks. */
  readonly first: number;
  readonly next: number;
  readonly most: number;
  readonly rounds: number;
  /** One shared, stratified draw of intents and users for all candidates; false: everyone its own. */
  readonly paired: boolean;
  /**
   * Integrate a quitting user out instead of drawing one: what a user who leaves a question would have got is known
   * without a model (nothing), and so is the probability. Same mean, a third less variance where questions compete.
   */
  readonly integrates: { readonly quits: boolean; readonly notices: boolean };
  /** Coefficient of the control variate from the table's cells, 0 = none. */
  readonly control: number;
  /** How Σ0 and what was seen make Σ (see `NoiseModel`). */
  readonly noise: NoiseModel;
  readonly outcome: "graded" | "binary";
  /** Most simulated turns of a rollout (w); `needed`: two only where the table says so, `all`: as many as the talk goes on. */
  readonly window: number;
  readonly windows: "needed" | "all";
  /** λ per token, w_J, and the share of the table's usefulness that makes the prior. */
  readonly lambda: number;
  readonly interactivity: number;
  /** R_LLM counts less the mean of its kind; false: as it is, like in the paper. */
  readonly centred: boolean;
  readonly tableShare: number;
  /** Deadlines after drafting, in L; Infinity = none. */
  readonly soft: number;
  readonly hard: number;
  /** Drop a candidate below this P(best). */
  readonly drop: number;
  /** Ties are broken by kind below this P(best) of the leader, among means within this share of ε. */
  readonly tie: { readonly best: number; readonly share: number };
  readonly exploration: { readonly share: number; readonly temperature: number; readonly floor: number };
}

const version = "7";

export const balanced: Policy = {
  name: "balanced",
  version,
  preset: "balanced",
  fixed: null,
  drafts: [
    { id: "assume", kind: "assume" },
    { id: "ask", kind: "ask" },
    { id: "hybrid", kind: "hybrid" },
  ],
  gathers: true,
  gate: { clear: 0.6, regret: true, evpi: true, audit: 0.05 },
  prior: { use: true, sd: 0.06, flatSd: 0.12 },
  epsilon: 0.021,
  kappa: 1.5e-4,
  allocation: "designed",
  first: 3,
  next: 3,
  most: 6,
  rounds: 2,
  paired: true,
  integrates: { quits: true, notices: true },
  control: 0.8,
  noise: { strength: 12, inflation: 1.2, size: 6 },
  outcome: "graded",
  window: 2,
  windows: "needed",
  lambda: 5e-4,
  interactivity: 0.5,
  centred: true,
  tableShare: 0.5,
  soft: 3,
  hard: 4,
  drop: 0.1,
  tie: { best: 0.55, share: 0.25 },
  exploration: { share: 0, temperature: 0.05, floor: 0.02 },
};

/** For schemes of a fixed size: time enough to play it, and still an end where a port never answers. */
const patient = { soft: 40, hard: 60 } as const;

const drawn = { quits: false, notices: false } as const;

export const fast: Policy = {
  ...balanced,
  name: "fast",
  preset: "fast",
  epsilon: 0.03,
  kappa: 3e-4,
  most: 3,
  rounds: 1,
  soft: 1.5,
  hard: 2,
};

export const deep: Policy = {
  ...balanced,
  name: "deep",
  preset: "deep",
  epsilon: 0.01,
  kappa: 5e-5,
  most: 12,
  rounds: 4,
  soft: 8,
  hard: 10,
};

const nothing = { clear: null, regret: false, evpi: false, audit: 0 } as const;

/** The plain-chat baseline: the direct answer, at once. */
export const direct: Policy = {
  ...balanced,
  name: "direct",
  preset: "direct",
  fixed: { kind: "answer" },
  drafts: [],
  gathers: false,
  gate: nothing,
};

/** Always a reply of one kind. */
export function always(kind: Kind): Policy {
  return {
    ...direct,
    name: `always_${kind}`,
    fixed: { kind },
    drafts: balanced.drafts.filter((draft) => draft.kind === kind),
  };
}

/** The same policy with another world's drafts; one that always gives a kind keeps the first of that kind. */
export function withDrafts(policy: Policy, drafts: readonly DraftPlan[]): Policy {
  const { fixed } = policy;
  if (fixed !== null && "kind" in fixed)
    return { ...policy, drafts: drafts.filter((draft) => draft.kind === fixed.kind).slice(0, 1) };
  return { ...policy, drafts };
}

/** Readings and prior alone, no rollout. */
export const table: Policy = {
  ...balanced,
  name: "table",
  fixed: { by: "table" },
  gate: { ...nothing, clear: balanced.gate.clear },
};

/** K rollouts of every candidate and the mean of what they showed. */
export function uniformRollouts(count: number, paired: boolean): Policy {
  return {
    ...balanced,
    name: paired ? `uniform_paired_${count}` : `uniform_${count}`,
    preset: "reference",
    gathers: false,
    gate: nothing,
    prior: { ...balanced.prior, use: false },
    allocation: "fixed",
    first: count,
    most: count,
    rounds: 1,
    paired,
    integrates: drawn,
    control: 0,
    ...patient,
    tie: { best: 0, share: 0 },
  };
}

/** The paper's scheme (arXiv 2502.00640): fixed candidates, S = 3 samples, w = 2, no gate, a 0/1 outcome, R_LLM at weight 1. */
export const reference: Policy = {
  ...uniformRollouts(3, false),
  name: "reference",
  outcome: "binary",
  window: 2,
  windows: "all",
  interactivity: 1,
  centred: false,
};

/** Sequential halving over the budget of `uniformRollouts(count)`. */
export function halving(count: number): Policy {
  return { ...uniformRollouts(count, true), name: "halving", allocation: "halving", rounds: 3 };
}

/** Top-two Thompson sampling with the engine's prior, gate and stopping rule. */
export const ttts: Policy = {
  ...balanced,
  name: "ttts",
  preset: "reference",
  allocation: "ttts",
  integrates: drawn,
  control: 0,
  first: 1,
  next: 1,
  most: 30,
  rounds: 60,
  ...patient,
};

/** One-step EVPI: asks when knowing the intent is worth more than a question costs, else the prior's best answer. */
export const evpi: Policy = { ...table, name: "evpi", gate: { ...nothing, evpi: true } };

/** How a gated turn is rolled out afterwards: one block for everybody, whatever the prior says of it. */
export function auditPolicy(policy: Policy): Policy {
  return { ...policy, fixed: null, gate: nothing, allocation: "fixed", first: 3, rounds: 1, soft: 8, hard: 10 };
}

export const presetPolicies: Readonly<Record<Preset, Policy>> = { fast, balanced, deep, direct, reference };
