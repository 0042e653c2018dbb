import type { Grammar } from "./backend.ts";
import type { TokenScore } from "./prefixes.ts";

/** A person waits for `foreground`; `background` is lookahead. */
export type Priority = "foreground" | "background";

/** One text to read and go on with: a request has `n` of them. */
export interface Job {
  readonly prompt: readonly number[];
  readonly priority: Priority;
  /** 0 = only read (and score). */
  readonly mostTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly seed: number;
  readonly grammar: Grammar | null;
  /** Alternatives wanted beside each generated token; null = not even its own log-probability. */
  readonly alternatives: number | null;
  /** How many of the prompt's last tokens are to be scored. */
  readonly scored: number;
  readonly signal: AbortSignal;
  readonly listener: JobListener;
}

/** What a job is told, in this order: started, scored, token…, then ended or failed, once. Nothing after an abort. */
export interface JobListener {
  /** `cachedTokens`: so many of the prompt's tokens needed no reading. */
  started(cachedTokens: number): void;
  /** The last `scored` prompt tokens; null where nothing can be known (the first token of a text). */
  scores(scores: readonly (TokenScore | null)[]): void;
  /** Returns false to end the text here. Not called for the end token. The score is there where alternatives are wanted. */
  token(token: number, score: TokenScore | null): boolean;
  ended(reason: "stop" | "length"): void;
  failed(error: Error): void;
}
