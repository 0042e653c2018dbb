import { type NextRequest, NextResponse } from "next/server";
import { cookieOf, readSession } from "@/lib/server/session.ts";

/**
 * A fresh nonce and a strict policy for every page: no inline script without the nonce, nothing loaded from, sent to or
 * framed by another origin. A reply can therefore not leak the chat through an image, a style or a form, whatever it says.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  // React's development build evaluates strings for its error overlay, and Turbopack injects styles; production does neither.
  const development = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from the request's copy of the policy.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("x-content-type-options", "nosniff");
  // The page makes its guest, so that the first requests of its scripts, sent at once, are all from the same one.
  const session = readSession(request);
  if (session.isNew) response.headers.append("set-cookie", cookieOf(session.viewerId, request));
  return response;
}

export const config = {
  matcher: [{ source: "/((?!api|_next/static|_next/image|icon.svg).*)" }],
};
