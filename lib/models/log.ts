import type { ModelErrorCode } from "./errors.ts";
import type { Priority } from "./limiter.ts";

export interface Usage {
  tokensIn: number;
  /** Of `tokensIn`, those that the endpoint had cached. */
  tokensCached: number;
  tokensOut: number;
  /** True where the endpoint told nothing (a stopped stream, a server without usage) and these are our count. */
  estimated: boolean;
}

/** One try of one call: numbers and names only, never message text, so that it may be logged and stored. */
export interface CallLog extends Usage {
  /** What it was for: answer, draft.ask, clarity, table, user, assistant, judge, probe … */
  purpose: string;
  /** Text for a reader or a future (generating), or numbers about text (scoring). */
  work: "generating" | "scoring";
  model: string;
  promptVersion: string;
  seed: number | null;
  priority: Priority;
  /** From 1. */
  attempt: number;
  /** Without the wait for a free place. */
  ms: number;
  firstTokenMs: number | null;
  waitedMs: number;
  outcome: "ok" | ModelErrorCode;
}

/** Tokens of a text where nobody counted: UTF-8 bytes / 3, which errs upwards for English and is right for CJK. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text, "utf8") / 3);
