import { decide } from "../deliberate.ts";
import { uniformRollouts } from "../policy.ts";
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
  /** Mean MR per candidate, less their common mean. */
  readonly means: number[];
  /** Scatter of single rollouts, candidates × candidates, already divided by n − 1. */
  readonly noise: number[][];
}

async function logTurn(seed: number, traffic: SlotTraffic, rollouts: number): Promise<Logged> {
  const instance = makeInstance(seed, traffic);
  const record = await decide(slotsTurn(instance, uniformRollouts(rollouts, true), seed), playSlots(instance));
  const table = slotCandidates.map((id) =>
    record.rollouts.filter((rollout) => rollout.candidateId === id).map((rollout) => rollout.reward?.total ?? 0),
  );
  const means = table.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const noise = table.map((a, i) =>
    table.map(
      (b, j) =>
        a.reduce((sum, value, k) => sum + (value - (means[i] ?? 0)) * ((b[k] ?? 0) - (means[j] ?? 0)), 0) /
        (a.length - 1),
    ),
  );
  const s = blurred(instance, seed);
  return { features: features(instance, s), clarity: s.reduce((a, b) => a * b, 1), means: centred(means), noise };
}

const average = (matrices: readonly (readonly (readonly number[])[])[], size: number): number[][] =>
  Array.from({ length: size }, (_, a) =>
    Array.from(
      { length: size },
      (_, b) => matrices.reduce((sum, matrix) => sum + (matrix[a]?.[b] ?? 0), 0) / Math.max(1, matrices.length),
    ),
  );

/** H M H with H = I − 11ᵀ/n: a covariance of centred values. */
function centredMatrix(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row) => row.reduce((sum, value) => sum + value, 0) / n);
  const grand = rows.reduce((sum, value) => sum + value, 0) / n;
  return matrix.map((row, a) => row.map((value, b) => value - (rows[a] ?? 0) - (rows[b] ?? 0) + grand));
}

/** Trains on turns of the same traffic. Seeds: hash(plan.seed, "train", i), never those of a benchmark. */
export async function trainSelector(traffic: SlotTraffic, plan: TrainingPlan = usualTraining): Promise<SelectorModel> {
  const log: Logged[] = [];
  for (let index = 0; index < plan.turns; index += 1)
    log.push(await logTurn(hash(plan.seed, "train", index), traffic, plan.rollouts));
  const size = slotCandidates.length;
  const rows = log.map((turn) => turn.features);
  const sorted = [...log].sort((a, b) => a.clarity - b.clarity);
  const bandOf = (turn: Logged) => Math.floor((sorted.indexOf(turn) * plan.bands) / sorted.length);
  const noises = Array.from({ length: plan.bands }, (_, band) =>
    average(
      sorted.filter((turn) => bandOf(turn) === band).map((turn) => turn.noise),
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
  const bands: Band[] = [];
  for (let band = 0; band < plan.bands; band += 1) {
    const part = sorted.slice((band * sorted.length) / plan.bands, ((band + 1) * sorted.length) / plan.bands);
    const noise = noises[band] ?? [];
    const residuals = part.map((turn) =>
      centred(turn.means.map((mean, id) => mean - dot(weights[id] ?? [], turn.features))),
    );
    const spread = average(
      residuals.map((residual) => residual.map((a) => residual.map((b) => a * b))),
      size,
    );
    const own = centredMatrix(noise);
    // What the rollouts' own noise adds to a residual is not the prior's error; a floor keeps it from being too sure.
    const error = spread.map((row, a) =>
      row.map((value, b) => {
        const less = value - (own[a]?.[b] ?? 0) / plan.rollouts;
        return a === b ? Math.max(less, 0.15 * value, 1e-5) : less;
      }),
    );
    const upTo = band === plan.bands - 1 ? 1 : (part.at(-1)?.clarity ?? 1);
    bands.push({ upTo, error, noise });
  }
  return { ids: slotCandidates, turns: plan.turns, weights, bands };
}

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
