import { clarityScoredVersion } from "./clarity.ts";

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
}

/** Share of clear requests where nothing is known of the traffic (engine.md section 6). */
export const clearShare = 0.6;

export const calibrations: readonly Calibration[] = [
  {
    version: "qwen2.5-coder-1.5b/1",
    model: /qwen2\.5-coder-1\.5b/i,
    prompt: clarityScoredVersion,
    intercept: 1.3,
    slope: 1.5,
    limit: 6,
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
