import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { channel } from "./listen.ts";
import { storableJson } from "./storable.ts";

/**
 * Appends to the journal of a run that still runs, in one statement: seq `after`+1, +2, … False where the run has ended
 * (stopped by the reaper, deleted), and then nothing was written. The row lock makes it wait for whoever is just ending it.
 */
export async function appendEvents(runId: string, after: number, payloads: readonly object[]): Promise<boolean> {
  const rows = await database().$queryRaw<{ added: number }[]>(Prisma.sql`
    WITH live AS (SELECT "id" FROM "run" WHERE "id" = ${runId}::uuid AND "state" = 'running' FOR SHARE),
    added AS (
      INSERT INTO "run_event" ("run_id", "seq", "payload")
      SELECT live."id", ${after}::int + event.position, event.payload
      FROM live, jsonb_array_elements(${storableJson(payloads)}::jsonb) WITH ORDINALITY AS event(payload, position)
      RETURNING "seq"
    )
    SELECT (SELECT count(*)::int FROM added) AS added, pg_notify(${channel}, ${`journal:${runId}`})::text AS told`);
  return rows[0]?.added === payloads.length;
}

/** Appends without asking whether the run runs: for the transaction that opens or ends it. */
export async function writeEvents(
  db: Database,
  runId: string,
  after: number,
  payloads: readonly object[],
): Promise<void> {
  await db.$queryRaw(Prisma.sql`
    WITH added AS (
      INSERT INTO "run_event" ("run_id", "seq", "payload")
      SELECT ${runId}::uuid, ${after}::int + event.position, event.payload
      FROM jsonb_array_elements(${storableJson(payloads)}::jsonb) WITH ORDINALITY AS event(payload, position)
    )
    SELECT pg_notify(${channel}, ${`journal:${runId}`})::text AS told`);
}

/** The journal after `after`, in order, at most `limit` events. */
export function readEvents(runId: string, after: number, limit = 1_000): Promise<{ seq: number; payload: unknown }[]> {
  return database().runEvent.findMany({
    where: { runId, seq: { gt: after } },
    select: { seq: true, payload: true },
    orderBy: { seq: "asc" },
    take: limit,
  });
}

/** The whole journal of a run. */
export async function readJournal(runId: string): Promise<{ seq: number; payload: unknown }[]> {
  const all: { seq: number; payload: unknown }[] = [];
  for (;;) {
    const page = await readEvents(runId, all.at(-1)?.seq ?? 0, 5_000);
    all.push(...page);
    if (page.length < 5_000) return all;
  }
}
