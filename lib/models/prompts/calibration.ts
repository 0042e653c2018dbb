import { clarityScoredVersion } from "./clarity.ts";
import { sensitivityVersion } from "./readings.ts";

/**
 * How a model's own probability becomes one that can be acted on: log-odds(unclear) = intercept + slope · log-odds that
 * something is left out, as the few-shot prompt reads it. Data with its origin; a model or prompt without an entry keeps
 * its own numbers. Fitted by bench/evaluate (docs/evaluation.md), every set and both labels weighing the same, on items
 * that no score is claimed on.
 */
export interface Calibration {
  readonly version: string;
  /** Models it holds for. */
  readonly model: RegExp;
  readonly prompt: string;
  readonly intercept: number;
  readonly slope: number;
  /** Log-odds beyond this say no more: first tokens are all but certain far more often than a request is. */
  readonly limit: number;
  /**
   * What sensitivity adds once it is measured: log-odds(unclear) rise by `weight` for each nat a token above `centre`,
   * both ways by at most `most` nats.
   */
  readonly sensitivity: {
    readonly prompt: string;
    readonly weight: number;
    readonly centre: number;
    readonly most: number;
  };
}

/** Share of clear requests where nothing is known of the traffic (engine.md section 6). */
export const clearShare = 0.6;

export const calibrations: readonly Calibration[] = [
  {
    version: "qwen2.5-coder-1.5b/2",
    model: /qwen2\.5-coder-1\.5b/i,
    prompt: clarityScoredVersion,
    intercept: 1.3,
    slope: 1.5,
    limit: 6,
    sensitivity: { prompt: sensitivityVersion, weight: 10, centre: 0.04, most: 0.25 },
  },
];

/** P(clear) in [0,1] from the model's own P("nothing" is left out). */
export function calibratedClear(model: string, prompt: string, nothing: number): number {
  const known = calibrations.find((entry) => entry.model.test(model) && entry.prompt === prompt);
  if (!known) return nothing;
  const least = Math.exp(-known.limit);
  const odds = Math.log(Math.max(least, 1 - nothing)) - Math.log(Math.max(least, nothing));
  const bounded = Math.min(known.limit, Math.max(-known.limit, odds));
  const unclear = known.intercept + known.slope * bounded + Math.log((1 - clearShare) / clearShare);
  return 1 / (1 + Math.exp(unclear));
}

/**
 * P(clear) once it is known how much the reply depends on the reading.
 * @param clear as `calibratedClear` gave it
 * @param sensitivity nats a token, mean over the readings (`sensitivities`)
 */
export function informedClear(model: string, clear: number, sensitivity: number): number {
  const known = calibrations.find((entry) => entry.model.test(model))?.sensitivity;
  if (known?.prompt !== sensitivityVersion) return clear;
  const moved = Math.min(known.most, Math.max(-known.most, sensitivity - known.centre));
  const odds = Math.log(Math.max(clear, 1e-6)) - Math.log(Math.max(1 - clear, 1e-6));
  return 1 / (1 + Math.exp(known.weight * moved - odds));
}

/**
 * What a reply reaches that was written knowing the wish, and what a question costs in people who leave: constants until
 * logged turns tell them.
 */
export const tailored = 0.85;
export const patience = 0.95;
/** How often a reply that guesses what was left open happens to suit. */
export const lucky = 0.35;
/**
 * What a small model keeps of its skill where it must begin with an assumption though nothing is open: 16 against 21 of 32 whole
 * problems solved (tuning items, docs/evaluation.md), moved towards 1 for want of more.
 */
export const assuming = 0.9;
