import { Refusal } from "../shared/refusal.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);
export const changesState = (request: Request): boolean => !safe.has(request.method);

/**
 * A request that changes something must not come from another site's page: where an Origin is sent, it must be ours
 * (the host that the request was sent to). Programs that send none are no browser and are let through.
 * @throws Refusal 403 `foreign_origin`
 */
export function checkOrigin(request: Request): void {
  if (!changesState(request)) return;
  const origin = request.headers.get("origin");
  const foreign = new Refusal(
    403,
    "foreign_origin",
    "This request came from another site. Open Parley itself and try again.",
  );
  if (origin === null) {
    if (request.headers.get("sec-fetch-site") === "cross-site") throw foreign;
    return;
  }
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host") ?? new URL(request.url).host;
  if (!URL.canParse(origin) || new URL(origin).host !== host.toLowerCase()) throw foreign;
}
