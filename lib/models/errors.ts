import { APICallError } from "ai";

/** What can go wrong with a language model, as stable words for programs (they reach the journal's `error` part). */
export type ModelErrorCode =
  | "model_unreachable" // no connection, or it broke before a byte
  | "model_refused_key" // 401, 403
  | "rate_limited" // 429 that outlasted the retries
  | "model_timeout" // silent for longer than allowed
  | "model_broken" // the stream broke, or a 5xx that outlasted the retries
  | "model_rejected" // any other 4xx: our request does not suit this endpoint
  | "model_malformed" // an answer that cannot be read, twice
  | "message_too_long" // one message does not fit the model's context
  | "aborted"; // the caller's signal

export interface ModelErrorDetails {
  retryable?: boolean;
  status?: number;
  /** What the endpoint asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** The one error type that leaves lib/models. Its message is for a person and never holds message text or a key. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ModelErrorCode, message: string, details: ModelErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "ModelError";
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Milliseconds of a Retry-After header: seconds or an HTTP date; undefined when absent or unreadable. */
export function retryAfterMs(header: string | null | undefined, now = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const tooLong =
  /context.{0,20}(length|size|window|exceed)|maximum context|too (long|many tokens)|exceeds? .{0,30}context/i;

/** An HTTP status as a ModelError. `body` is read for one thing only: whether the context was too small. */
export function errorOfStatus(status: number, body: string, retryAfter?: string | null, cause?: unknown): ModelError {
  const details = { status, cause };
  if (status === 401 || status === 403)
    return new ModelError("model_refused_key", `The model's endpoint refused the key (HTTP ${status}).`, details);
  if (status === 429) {
    const wait = retryAfterMs(retryAfter);
    const asked = wait === undefined ? {} : { retryAfterMs: wait };
    return new ModelError("rate_limited", "The model's endpoint is limiting our requests (HTTP 429).", {
      ...details,
      ...asked,
      retryable: true,
    });
  }
  if (status === 408)
    return new ModelError("model_timeout", "The model's endpoint timed out (HTTP 408).", {
      ...details,
      retryable: true,
    });
  if (status >= 500)
    return new ModelError("model_broken", `The model's endpoint failed (HTTP ${status}).`, {
      ...details,
      retryable: true,
    });
  if (tooLong.test(body))
    return new ModelError("message_too_long", "The conversation does not fit the model's context.", details);
  return new ModelError("model_rejected", `The model's endpoint rejected the request (HTTP ${status}).`, details);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const noConnection = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Told apart from a connection that was there and broke, by the system's own code somewhere among the causes. */
function nobodyThere(cause: unknown): boolean {
  for (let at: unknown = cause, depth = 0; isRecord(at) && depth < 6; at = at.cause, depth += 1)
    if (typeof at.code === "string" && noConnection.has(at.code)) return true;
  return false;
}

/** Any thrown value as a ModelError. */
export function toModelError(cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  if (APICallError.isInstance(cause)) {
    const { statusCode, responseBody, responseHeaders } = cause;
    // A 2xx that could not be read is a broken answer, not a refusal.
    if (statusCode !== undefined && statusCode >= 400)
      return errorOfStatus(statusCode, responseBody ?? cause.message, responseHeaders?.["retry-after"], cause);
  }
  if (nobodyThere(cause))
    return new ModelError("model_unreachable", "The model's endpoint cannot be reached.", { cause, retryable: true });
  if (isRecord(cause) && typeof cause.statusCode === "number" && cause.statusCode >= 400)
    return errorOfStatus(cause.statusCode, String(cause.message ?? ""), undefined, cause);
  return new ModelError("model_broken", "The model's answer broke off.", { cause, retryable: true });
}

/** A caller's abort, told apart from every failure: nothing retries it and nothing counts it as one. */
export const aborted = (cause?: unknown): ModelError =>
  new ModelError("aborted", "The call was stopped.", cause === undefined ? {} : { cause });
