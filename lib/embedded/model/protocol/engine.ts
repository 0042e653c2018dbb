import type { LoadedModel } from "../llama.ts";
import type { Scheduler } from "../scheduler.ts";

/** What the protocol speaks for. */
export interface Engine {
  readonly modelId: string;
  readonly model: LoadedModel;
  readonly scheduler: Scheduler;
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  readonly slots: number;
  /** Texts that may wait at once. */
  readonly mostQueued: number;
}
