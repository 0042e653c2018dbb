import { Refusal } from "../shared/refusal.ts";

/**
 * The last event a reader has: `?after=seq`, or the Last-Event-ID header that a browser's EventSource sends; 0 = none.
 * @throws Refusal 400 where it is no whole number
 */
export function cursorOf(request: Request): number {
  const given = new URL(request.url).searchParams.get("after") ?? request.headers.get("last-event-id") ?? "0";
  const after = Number(given);
  if (Number.isSafeInteger(after) && after >= 0 && after <= 2_147_483_647) return after;
  throw new Refusal(400, "invalid_cursor", "`after` must be the number of an event of this stream.", {
    field: "after",
  });
}
