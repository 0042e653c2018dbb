import type { Sampler } from "./backend.ts";
import type { Job } from "./job.ts";
import type { TokenScore } from "./prefixes.ts";

/** A job that is being served. */
export interface Sequence {
  readonly job: Job;
  /** The prompt and what was generated. */
  readonly tokens: number[];
  /** So many of `tokens` the model has read: they are in the lane. Always below `tokens.length` while there is work. */
  read: number;
  generated: number;
  /** -1 while it has none (just admitted, or parked). */
  lane: number;
  sampler: Sampler | null;
  /** Known scores of prompt tokens by position. */
  readonly scores: Map<number, TokenScore>;
  /** Where its state lies while it is parked. */
  parked: string | null;
  /** The parked file belongs to the cache. */
  borrowed: boolean;
  /** The state of the cache's knowledge that `scores` includes. */
  scoresVersion: number;
  /** Told `started`. */
  begun: boolean;
}

export function createSequence(job: Job): Sequence {
  return {
    job,
    tokens: job.prompt.slice(),
    read: 0,
    generated: 0,
    lane: -1,
    sampler: null,
    scores: new Map(),
    parked: null,
    borrowed: false,
    scoresVersion: -1,
    begun: false,
  };
}

/** First position whose score the job wants (the first token of a text has none). */
export function firstScored(job: Job): number {
  return Math.max(1, job.prompt.length - job.scored);
}

/**
 * Tokens to read before the job can go on. A job that generates needs the distribution after the last token; one that
 * only scores needs the one before it.
 */
export function readingEnd(sequence: Sequence): number {
  return sequence.job.mostTokens > 0 ? sequence.tokens.length : sequence.tokens.length - 1;
}

export function pending(sequence: Sequence): number {
  return readingEnd(sequence) - sequence.read;
}

/** Reading its prompt, as opposed to stepping token by token. */
export function isReading(sequence: Sequence): boolean {
  return sequence.generated === 0;
}

/**
 * How much of a cached beginning of `length` tokens the job may take over: at least one token must be read to get a
 * distribution, and every wanted score must be known or computed (`scoresWillBe`: another sequence is computing them).
 */
export function usableLength(
  sequence: Sequence,
  length: number,
  known: ReadonlyMap<number, TokenScore>,
  scoresWillBe = false,
): number {
  const { job } = sequence;
  let usable = Math.min(length, readingEnd(sequence) - (job.mostTokens > 0 ? 1 : 0));
  if (job.scored === 0 || scoresWillBe) return Math.max(0, usable);
  const enough = job.alternatives ?? 0;
  for (let position = firstScored(job); position <= usable; position++) {
    const score = known.get(position) ?? sequence.scores.get(position);
    // The score at `position` comes from the distribution after `position - 1`.
    if (
      position < job.prompt.length &&
      (!score || score.token !== job.prompt[position] || score.alternatives.length < enough)
    )
      usable = position - 1;
  }
  return Math.max(0, usable);
}
