import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { v7, validate } from "uuid";
import { environment } from "./env.ts";
import { log } from "./log.ts";

export const sessionCookie = "parley_session";
const yearInSeconds = 31_536_000;

const shared = globalThis as typeof globalThis & { parleySecret?: string };

function secret(): string {
  const { secret } = environment();
  if (secret) return secret;
  if (!shared.parleySecret)
    log.warn("PARLEY_SECRET is not set: sessions end with this process. `npm start` makes one.");
  shared.parleySecret ??= randomBytes(32).toString("hex");
  return shared.parleySecret;
}

/** A keyed fingerprint; `purpose` keeps those of sessions and of addresses apart. */
export function sign(purpose: string, text: string): string {
  return createHmac("sha256", secret()).update(`${purpose}\n${text}`).digest("base64url");
}

/** Who asks: the viewer of a cookie that we signed, else a new guest, whose cookie goes out with the answer. */
export type Session = { viewerId: string; isNew: boolean };

export function readSession(request: Request): Session {
  const value = readCookie(request.headers.get("cookie"));
  const viewerId = value ? viewerOf(value) : null;
  return viewerId ? { viewerId, isNew: false } : { viewerId: v7(), isNew: true };
}

/** The viewer of a cookie's value, or null where we did not make it. */
export function viewerOf(value: string): string | null {
  const [viewerId = "", signature = ""] = value.split(".");
  if (!validate(viewerId)) return null;
  const given = Buffer.from(signature);
  const ours = Buffer.from(sign("session", viewerId));
  return given.length === ours.length && timingSafeEqual(given, ours) ? viewerId : null;
}

function readCookie(header: string | null): string | null {
  for (const pair of header?.split(";") ?? []) {
    const [name, value] = pair.trim().split("=", 2);
    if (name === sessionCookie && value) return value;
  }
  return null;
}

/** The Set-Cookie of a new session: not for scripts, not for requests that other sites start. */
export function cookieOf(viewerId: string, request: Request): string {
  const https = request.headers.get("x-forwarded-proto") === "https" || new URL(request.url).protocol === "https:";
  const value = `${viewerId}.${sign("session", viewerId)}`;
  return `${sessionCookie}=${value}; Path=/; Max-Age=${yearInSeconds}; HttpOnly; SameSite=Lax${https ? "; Secure" : ""}`;
}
