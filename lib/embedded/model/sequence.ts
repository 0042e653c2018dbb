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

/** Reading its prompt (or its text anew, where its state was lost), as opposed to stepping token by token. */
export function isReading(sequence: Sequence): boolean {
  return sequence.generated === 0 || pending(sequence) > 1;
}

/** Prompt tokens scored before those that are asked for, so that a shorter text behind the same beginning finds them known. */
const margin = 64;

/** First position that the sequence scores as it reads. Only who asks for all it can get scores more than it asks for. */
export function scoreStart(job: Job): number {
  return Math.max(1, firstScored(job) - (job.scored > margin ? margin : 0));
}

/** Whether the score of the prompt's token at `position` is known, with as many alternatives as the job wants. */
export function knowsScore({ job, scores }: Sequence, position: number, from = scores): boolean {
  const score = from.get(position);
  if (!score || score.token !== job.prompt[position]) return false;
  return score.alternatives.length >= (job.alternatives ?? 0);
}

/**
 * How much of a cached beginning of `length` tokens the job may take over: at least one token must be read to get a
 * distribution, and every wanted score must be known or computed. The score at a position comes from reading the token
 * before it.
 */
export function usableLength(
  sequence: Sequence,
  length: number,
  isKnown: (position: number) => boolean = (position) => knowsScore(sequence, position),
): number {
  const { job } = sequence;
  const usable = Math.max(0, Math.min(length, readingEnd(sequence) - (job.mostTokens > 0 ? 1 : 0)));
  if (job.scored === 0) return usable;
  for (let position = firstScored(job); position <= Math.min(usable, job.prompt.length - 1); position++) {
    if (isKnown(position)) continue;
    // The token behind a shared beginning is never known: that costs one token. Where much is missing, it is learnt at once.
    return usable - position < margin ? position - 1 : Math.min(position, scoreStart(job)) - 1;
  }
  return usable;
}

/** For usableLength: what is known to either of two sequences that share the text up to there. */
export function knownTo(sequence: Sequence, other: Sequence): (position: number) => boolean {
  return (position) => knowsScore(sequence, position) || knowsScore(sequence, position, other.scores);
}
