import { database } from "./client.ts";
import { Prisma } from "./generated/client.ts";

export type Window = { scope: string; subject: string; seconds: number };

/**
 * Counts one more in the running window of each and returns how many it makes, in the same order, with the seconds until the
 * window ends. One statement, so two processes never both see the last free place. No two windows may have the same scope.
 */
export async function countUp(windows: readonly Window[]): Promise<{ count: number; left: number }[]> {
  // Always in the same order: two requests that wait for each other's rows would wait for ever.
  const sorted = windows.toSorted((a, b) => (a.scope < b.scope ? -1 : 1));
  const rows = await database().$queryRaw<{ scope: string; count: number; left: number }[]>(Prisma.sql`
    INSERT INTO "limit_window" AS held ("scope", "subject", "starts_at", "count")
    SELECT asked.scope, asked.subject, to_timestamp(floor(extract(epoch FROM now()) / asked.seconds) * asked.seconds), 1
    FROM unnest(${sorted.map((window) => window.scope)}::text[], ${sorted.map((window) => window.subject)}::text[],
      ${sorted.map((window) => window.seconds)}::float8[]) AS asked(scope, subject, seconds)
    ON CONFLICT ("scope", "subject", "starts_at") DO UPDATE SET "count" = held."count" + 1
    RETURNING "scope", "count", extract(epoch FROM now() - "starts_at")::float8 AS "left"`);
  return windows.map(({ scope, seconds }) => {
    const row = rows.find((counted) => counted.scope === scope);
    if (!row) throw new Error("The limit could not be counted.");
    return { count: row.count, left: Math.max(1, Math.ceil(seconds - row.left)) };
  });
}

/** Forgets windows that ended long ago. */
export async function forgetWindows(olderThanSeconds: number): Promise<void> {
  await database().$executeRaw(
    Prisma.sql`DELETE FROM "limit_window" WHERE "starts_at" < now() - make_interval(secs => ${olderThanSeconds})`,
  );
}
