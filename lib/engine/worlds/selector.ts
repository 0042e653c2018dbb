import { decide } from "../deliberate.ts";
import { balanced, uniformRollouts } from "../policy.ts";
import type { Ports, Prior } from "../ports.ts";
import { hash, normals, stream } from "../rng.ts";
import { playSlots, slotsTurn } from "./player.ts";
import { askedSlots, type Instance, makeInstance, type SlotTraffic, slotCandidates } from "./slots.ts";

/**
 * The prior of the marks, as a live selector would learn it: ridge regression per candidate on what a blurred reading of
 * the request shows, trained on logged turns of which each candidate was rolled out a few times. It also learns how far
 * off it is and how noisy a rollout is, apart for requests of different clarity, for both vary by a factor of ten.
 */
export interface SelectorModel {
  readonly ids: readonly string[];
  readonly turns: number;
  /** Weights by candidate, in the order of `features`. */
  readonly weights: readonly (readonly number[])[];
  /** Upper ends of the bands of ∏ s̃; the last is 1. */
  readonly bands: readonly Band[];
}

interface Band {
  readonly upTo: number;
  /** Covariance of the prior's error, and of one rollout's noise, candidates × candidates. */
  readonly error: readonly (readonly number[])[];
  readonly noise: readonly (readonly number[])[];
}

export interface TrainingPlan {
  readonly seed: number;
  readonly turns: number;
  readonly rollouts: number;
  readonly bands: number;
}

export const usualTraining: TrainingPlan = { seed: 0x7ea1, turns: 1500, rollouts: 8, bands: 8 };

/** s.d. of the blur on log-probabilities: the selector never sees the true p. */
const blurSd = 0.6;
const ridge = 0.1;
/** Variance of what no feature shows (quality .05, the user's rates), and a usual one to keep weights near 1. */
const hiddenVariance = 0.004;
const smallestError = 4e-4;
const evenShare = 1 / 3;
/** Prior errors have heavier tails than a Gaussian's: users and qualities differ in ways no feature shows. */
const errorFactor = 1.25;
const usualVariance = 0.02;

/** s̃_j: each slot's largest probability after the blur. */
export function blurred(instance: Instance, seed: number): number[] {
  const next = normals(stream(hash(seed, "blur")));
  return instance.p.map((p) => {
    const raw = p.map((value) => value * Math.exp(blurSd * next()));
    const sum = raw.reduce((total, value) => total + value, 0);
    return sum > 0 ? Math.max(...raw) / sum : 1 / p.length;
  });
}

/** 1, ∏s, ∏ over all but the slots ask1 and ask2 ask for, min s, second min s, m, and the squares of the products and minima. */
export function features(instance: Instance, s: readonly number[]): number[] {
  const product = (skip: readonly number[]) =>
    s.reduce((total, value, slot) => (skip.includes(slot) ? total : total * value), 1);
  const sorted = [...s].sort((a, b) => a - b);
  const shape = [
    product([]),
    product(askedSlots(instance, "ask1")),
    product(askedSlots(instance, "ask2")),
    sorted[0] ?? 1,
    sorted[1] ?? 1,
  ];
  return [1, ...shape, ...shape.map((value) => value * value), s.length / 4];
}

/** Solves (XᵀWX + ridge·I) w = XᵀWy; the constant is not shrunk. */
function solveRidge(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  trusted: readonly number[],
): number[] {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, (_, a) =>
    Array.from({ length: size + 1 }, (_, b) =>
      rows.reduce(
        (sum, row, index) =>
          sum + (trusted[index] ?? 1) * (row[a] ?? 0) * (b < size ? (row[b] ?? 0) : (targets[index] ?? 0)),
        0,
      ),
    ),
  );
  matrix.forEach((row, index) => {
    if (index > 0) row[index] = (row[index] ?? 0) + ridge;
  });
  for (let pivot = 0; pivot < size; pivot += 1) {
    const head = matrix[pivot] ?? [];
    for (let other = 0; other < size; other += 1) {
      const row = matrix[other];
      if (other === pivot || row === undefined) continue;
      const factor = (row[pivot] ?? 0) / (head[pivot] ?? 1);
      for (let column = pivot; column <= size; column += 1)
        row[column] = (row[column] ?? 0) - factor * (head[column] ?? 0);
    }
  }
  return matrix.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

const centred = (values: readonly number[]): number[] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
};

interface Logged {
  readonly features: number[];
  readonly clarity: number;
  /** Mean MR per candidate, less their common mean: of all rollouts, and of two halves with nothing drawn in common. */
  readonly means: number[];
  readonly halves: readonly [number[], number[]];
}

/** Means as a block shows them, the control variate taken out: under a flat prior the posterior mean is the sample's. */
async function meansOf(instance: Instance, seed: number, rollouts: number): Promise<number[]> {
  const { integrates, control } = balanced;
  const policy = { ...uniformRollouts(rollouts, true), integrates, control };
  const record = await decide(slotsTurn(instance, policy, seed), playSlots(instance));
  return centred(
    slotCandidates.map((id) => record.candidates.find((candidate) => candidate.id === id)?.posterior?.mean ?? 0),
  );
}

async function logTurn(seed: number, traffic: SlotTraffic, rollouts: number): Promise<Logged> {
  const instance = makeInstance(seed, traffic);
  const first = await meansOf(instance, hash(seed, "half", 0), rollouts / 2);
  const second = await meansOf(instance, hash(seed, "half", 1), rollouts / 2);
  const s = blurred(instance, seed);
  return {
    features: features(instance, s),
    clarity: s.reduce((a, b) => a * b, 1),
    means: first.map((value, index) => (value + (second[index] ?? 0)) / 2),
    halves: [first, second],
  };
}

const average = (matrices: readonly (readonly (readonly number[])[])[], size: number): number[][] =>
  Array.from({ length: size }, (_, a) =>
    Array.from(
      { length: size },
      (_, b) => matrices.reduce((sum, matrix) => sum + (matrix[a]?.[b] ?? 0), 0) / Math.max(1, matrices.length),
    ),
  );

/** Trains on turns of the same traffic. Seeds: hash(plan.seed, "train", i), never those of a benchmark. */
export async function trainSelector(traffic: SlotTraffic, plan: TrainingPlan = usualTraining): Promise<SelectorModel> {
  const log: Logged[] = [];
  for (let index = 0; index < plan.turns; index += 1)
    log.push(await logTurn(hash(plan.seed, "train", index), traffic, plan.rollouts));
  const size = slotCandidates.length;
  const rows = log.map((turn) => turn.features);
  const sorted = [...log].sort((a, b) => a.clarity - b.clarity);
  const bandOf = (turn: Logged) => Math.floor((sorted.indexOf(turn) * plan.bands) / sorted.length);
  const parts = Array.from({ length: plan.bands }, (_, band) => sorted.filter((turn) => bandOf(turn) === band));
  // Halves differ by noise alone: per rollout n/2 times half the covariance of their difference. As the halves are played
  // like a block, stratified and with quitting integrated, this is the noise that a block really has.
  const noises = parts.map((part) =>
    average(
      part.map(({ halves: [first, second] }) => {
        const gap = first.map((value, index) => value - (second[index] ?? 0));
        return gap.map((a) => gap.map((b) => (a * b * plan.rollouts) / 4));
      }),
      size,
    ),
  );
  // A turn counts by how well its rollouts tell its means: clear turns are ten times less noisy than vague ones.
  const trusted = log.map((turn) => {
    const noise = noises[bandOf(turn)] ?? [];
    const mean = noise.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) / size;
    return usualVariance / (mean / plan.rollouts + hiddenVariance);
  });
  const weights = slotCandidates.map((_, id) =>
    solveRidge(
      rows,
      log.map((turn) => turn.means[id] ?? 0),
      trusted,
    ),
  );
  // The halves' noise is independent: the mean product of their residuals is the prior's error and nothing else.
  const errors = parts.map((part) =>
    average(
      part.map((turn) => {
        const [first, second] = turn.halves.map((half) =>
          centred(half.map((mean, id) => mean - dot(weights[id] ?? [], turn.features))),
        );
        return (first ?? []).map((a, i) =>
          (second ?? []).map((b, j) => (a * b + (first?.[j] ?? 0) * (second?.[i] ?? 0)) / 2),
        );
      }),
      size,
    ),
  );
  const precision = noises.map((noise, band) => {
    const half = (2 * trace(noise)) / size / plan.rollouts;
    return (parts[band]?.length ?? 0) / (half + hiddenVariance) ** 2;
  });
  const total = precision.reduce((sum, value) => sum + value, 0);
  const pooled = matrixOf(size, (a, b) =>
    errors.reduce((sum, error, band) => sum + ((precision[band] ?? 0) / total) * (error[a]?.[b] ?? 0), 0),
  );
  const bands = parts.map((part, band): Band => {
    // A vague band's own estimate is mostly noise: it counts by how well it is known against what it may be.
    const own = 1 / (1 + 1 / ((precision[band] ?? 0) * (trace(pooled) / size) ** 2));
    const raw = matrixOf(size, (a, b) => own * (errors[band]?.[a]?.[b] ?? 0) + (1 - own) * (pooled[a]?.[b] ?? 0));
    // Estimated covariances flatter some directions and deny others any spread: a third is spread evenly.
    const even = Math.max(trace(raw) / (size - 1), smallestError);
    const error = matrixOf(size, (a, b) => {
      const centre = even * (Number(a === b) - 1 / size);
      return errorFactor * ((1 - evenShare) * (raw[a]?.[b] ?? 0) + evenShare * centre);
    });
    const upTo = band === plan.bands - 1 ? 1 : (part.at(-1)?.clarity ?? 1);
    return { upTo, error, noise: noises[band] ?? [] };
  });
  return { ids: slotCandidates, turns: plan.turns, weights, bands };
}

const matrixOf = (size: number, entry: (a: number, b: number) => number): number[][] =>
  Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) => entry(a, b)));

const trace = (matrix: readonly (readonly number[])[]): number =>
  matrix.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);

function asCorrelations(ids: readonly string[], covariance: readonly (readonly number[])[]) {
  const sd: Record<string, number> = {};
  const correlations: Record<string, number> = {};
  ids.forEach((id, a) => {
    sd[id] = Math.sqrt(Math.max(covariance[a]?.[a] ?? 0, 1e-8));
  });
  ids.forEach((first, a) => {
    ids.forEach((second, b) => {
      if (first >= second) return;
      const scale = (sd[first] ?? 1) * (sd[second] ?? 1);
      correlations[`${first} ${second}`] = Math.max(-0.98, Math.min(0.98, (covariance[a]?.[b] ?? 0) / scale));
    });
  });
  return { sd, correlations };
}

/** What the trained selector says of one instance; `seed` gives its blur. */
export function selectorPrior(model: SelectorModel, instance: Instance, seed: number): Prior {
  const s = blurred(instance, seed);
  const clarity = s.reduce((a, b) => a * b, 1);
  const seen = features(instance, s);
  const band = model.bands.find((entry) => clarity <= entry.upTo) ?? model.bands.at(-1);
  const error = asCorrelations(model.ids, band?.error ?? []);
  const candidates = Object.fromEntries(
    model.ids.map((id, index) => [id, { mean: dot(model.weights[index] ?? [], seen), sd: error.sd[id] ?? 0.06 }]),
  );
  return {
    turns: model.turns,
    candidates,
    correlations: error.correlations,
    noise: asCorrelations(model.ids, band?.noise ?? []),
  };
}

export function selectorPort(model: SelectorModel, instance: Instance, seed: number): Ports["selector"] {
  const prior = selectorPrior(model, instance, seed);
  return () => prior;
}
