import { database } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/**
 * Counts one more in the running window of `seconds` and returns how many it makes, with the seconds until the window ends.
 * One statement, so two processes never both see the last free place.
 */
export async function countUp(
  scope: string,
  subject: string,
  seconds: number,
): Promise<{ count: number; left: number }> {
  const rows = await database().$queryRaw<{ count: number; left: number }[]>(Prisma.sql`
    INSERT INTO "limit_window" AS held ("scope", "subject", "starts_at", "count")
    VALUES (${scope}, ${subject}, to_timestamp(floor(extract(epoch FROM now()) / ${seconds}::float8) * ${seconds}::float8), 1)
    ON CONFLICT ("scope", "subject", "starts_at") DO UPDATE SET "count" = held."count" + 1
    RETURNING "count", ceil(extract(epoch FROM "starts_at" - now()) + ${seconds}::float8)::int AS "left"`);
  const row = rows[0];
  if (!row) throw new Error("The limit could not be counted.");
  return row;
}

/** Forgets windows that ended long ago. */
export async function forgetWindows(olderThanSeconds: number): Promise<void> {
  await database().$executeRaw(
    Prisma.sql`DELETE FROM "limit_window" WHERE "starts_at" < now() - make_interval(secs => ${olderThanSeconds})`,
  );
}
