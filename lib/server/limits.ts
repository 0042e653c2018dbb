import { describeError } from "../shared/describe-error.ts";
import { Refusal } from "../shared/refusal.ts";
import { countUp, type Window } from "../store/limits.ts";
import { log } from "./log.ts";
import { sign } from "./session.ts";

const minute = 60;
const day = 86_400;

/**
 * Every limit there is, each table from narrow to wide. A turn costs model calls, so it is counted three ways; a cookie alone
 * is too easily thrown away.
 */
export const limits = {
  turn: [
    { by: "viewer", seconds: minute, most: 30 }, // faster than a person reads
    { by: "viewer", seconds: day, most: 2_000 }, // a day of steady work and then some
    { by: "address", seconds: minute, most: 240 }, // an office or a class behind one address
    { by: "all", seconds: minute, most: 3_000 }, // what the models behind it are ever asked at once
  ],
  write: [
    { by: "viewer", seconds: minute, most: 300 }, // taps and renames
    { by: "address", seconds: minute, most: 3_000 },
  ],
  read: [
    { by: "viewer", seconds: minute, most: 120 }, // searches, two pauses a second while typing; a download now and then
    { by: "address", seconds: minute, most: 1_200 },
  ],
} as const;
export type LimitName = keyof typeof limits;

/**
 * Counts one more and refuses where it is one too many. The first window that is over ends it: what one person is refused must
 * not use up the windows that he shares with others. Counted in Postgres, so it holds over all processes; where it cannot be
 * counted, it is refused too.
 * @throws Refusal 429 `too_many_requests`, 503 `limits_unavailable`
 */
export async function checkLimits(name: LimitName, viewerId: string, request: Request): Promise<void> {
  const subjects = { viewer: viewerId, address: addressOf(request), all: "all" };
  for (const limit of limits[name]) {
    const { by, seconds, most } = limit;
    const { count, left } = await counted({ scope: `${name}/${by}/${seconds}`, subject: subjects[by], seconds });
    if (count > most) throw new Refusal(429, "too_many_requests", limitWords(limit, left), { retryAfter: left });
  }
}

async function counted(window: Window): Promise<{ count: number; left: number }> {
  try {
    return await countUp(window);
  } catch (error) {
    log.error({ error: describeError(error) }, "limits could not be counted");
    const message = "The server cannot take requests for now. Try again in a minute.";
    throw new Refusal(503, "limits_unavailable", message, { retryAfter: 10 });
  }
}

/** What to tell a person who is over a limit. A day's is nothing to sit out second by second. @param left seconds until it ends */
export function limitWords(limit: { seconds: number; most: number }, left: number): string {
  if (limit.seconds < day) return `That was too much at once. Wait ${amount(left, "second")} and try again.`;
  const rest = left > 3_600 ? amount(Math.ceil(left / 3_600), "hour") : amount(Math.ceil(left / minute), "minute");
  return `You have reached today's limit of ${limit.most.toLocaleString("en")} messages. Go on in ${rest}.`;
}

const amount = (n: number, what: string): string => `${n} ${n === 1 ? what : `${what}s`}`;

/** The address of whoever connected to us or to the nearest proxy, as a fingerprint: addresses themselves are not kept. */
function addressOf(request: Request): string {
  const nearest = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return sign("address", nearest ?? "unknown").slice(0, 22);
}
