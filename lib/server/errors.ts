import type { ErrorBody } from "../shared/chat.ts";
import { describeError, placeOf } from "../shared/describe-error.ts";
import { Refusal } from "../shared/refusal.ts";
import { log } from "./log.ts";

const away = /^(P1001|P1002|P1008|P1017|P2024|ECONNREFUSED|ECONNRESET|ETIMEDOUT|57P0[123])$/;

/** Is the database away, rather than our request wrong? */
export function databaseIsAway(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    const { code } = cause as Error & { code?: unknown };
    if (typeof code === "string" && away.test(code)) return true;
    if (/can't reach database|connection (terminated|refused|timeout)|ECONNREFUSED/i.test(cause.message)) return true;
  }
  return false;
}

/** Any thrown value as an expected one: what is not ours to expect becomes a 500 that says nothing of its inside. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  log.error({ error: describeError(error), at: placeOf(error) }, "request failed");
  if (databaseIsAway(error))
    return new Refusal(503, "database_unreachable", "The database cannot be reached for now. Try again in a minute.", {
      retryAfter: 10,
    });
  return new Refusal(500, "internal", "Something went wrong on the server. Try again; nothing you wrote is lost.");
}

/** Every error answer looks like this: `{error: {code, message, …}}`; a run's id stands beside it too, as in any other answer. */
export function errorResponse(error: unknown): Response {
  const { status, code, message, field, runId, retryAfter } = refusalOf(error);
  const run = runId ? { runId } : {};
  const body: ErrorBody = { error: { code, message, ...(field ? { field } : {}), ...run }, ...run };
  const headers = { "cache-control": "no-store", ...(retryAfter ? { "retry-after": String(retryAfter) } : {}) };
  return Response.json(body, { status, headers });
}
