/**
 * What the scheduler needs of a language model. A *lane* is one sequence of the model's KV memory; the lanes that take
 * part in a batch must be consecutive and ascending, or llama.cpp cuts the batch in pieces (a *hole* costs a fifth).
 */
export interface Backend {
  readonly lanes: number;
  /** Tokens a lane can hold. */
  readonly contextTokens: number;
  /** Reads the parts in one batch. Resolves to one handle per wanted token, valid until the next decode. */
  decode(parts: readonly BatchPart[]): Promise<readonly (readonly Row[])[]>;
  /** For the next batches. */
  setThreads(threads: number): void;
  createSampler(settings: SamplerSettings): Sampler;
  /** The likeliest tokens of the model's own distribution, before any filter, best first, and `asked`'s log-probability. */
  likeliest(row: Row, asked?: number): Promise<Likeliest>;
  /** Writes a lane's state to a file; resolves to its size in bytes. */
  save(lane: number, path: string): Promise<number>;
  /** Replaces a lane's state by one that was saved. */
  load(lane: number, path: string): Promise<void>;
  /**
   * Forgets everything of a lane from position `length` on. Throws, leaving the lane empty, where the model's state cannot be
   * cut there: recurrent ones can be dropped or kept, but not shortened (canBeCut).
   */
  truncate(lane: number, length: number): void;
  close(): Promise<void>;
}

export interface BatchPart {
  readonly lane: number;
  /** Position of the first token in the lane. */
  readonly position: number;
  readonly tokens: readonly number[];
  /** Ascending indexes into `tokens`: after which of them the next-token distribution is wanted. */
  readonly wanted: readonly number[];
}

/** Names one next-token distribution of the batch decoded last. */
export type Row = number;

export interface SamplerSettings {
  /** 0 = the likeliest token. */
  readonly temperature: number;
  readonly topP: number;
  /** 0 = no limit. */
  readonly topK: number;
  readonly minP: number;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  readonly grammar: Grammar | null;
}

/** A compiled grammar; each sampler that is given one walks it on its own. */
export interface Grammar {
  readonly grammar: unknown;
}

export interface Sampler {
  /** Draws the next token and, where there is a grammar, moves on in it. */
  sample(row: Row): Promise<number>;
  dispose(): void;
}

export interface Likeliest {
  /** Best first; at least 256 where the vocabulary has as many. */
  readonly tokens: readonly number[];
  /** Natural logarithms, normalised over `tokens`. */
  readonly logprobs: readonly number[];
  /** Of the token asked about, on the same scale even where it is not among `tokens`; null where none was asked. */
  readonly asked: number | null;
}
