import { database } from "./client.ts";
import { Prisma } from "./generated/client.ts";

export type Window = { scope: string; subject: string; seconds: number };

/**
 * Counts one more in the running window. One statement, so two processes never both see the last free place.
 * @returns how many it makes, and the seconds until the window ends
 */
export async function countUp({ scope, subject, seconds }: Window): Promise<{ count: number; left: number }> {
  const [row] = await database().$queryRaw<{ count: number; gone: number }[]>(Prisma.sql`
    INSERT INTO "limit_window" AS held ("scope", "subject", "starts_at", "count")
    VALUES (${scope}, ${subject},
      to_timestamp(floor(extract(epoch FROM now()) / ${seconds}::float8) * ${seconds}::float8), 1)
    ON CONFLICT ("scope", "subject", "starts_at") DO UPDATE SET "count" = held."count" + 1
    RETURNING "count", extract(epoch FROM now() - "starts_at")::float8 AS "gone"`);
  if (!row) throw new Error("The limit could not be counted.");
  return { count: row.count, left: Math.max(1, Math.ceil(seconds - row.gone)) };
}

/** Forgets windows that ended long ago. */
export async function forgetWindows(olderThanSeconds: number): Promise<void> {
  await database().$executeRaw(
    Prisma.sql`DELETE FROM "limit_window" WHERE "starts_at" < now() - make_interval(secs => ${olderThanSeconds})`,
  );
}
