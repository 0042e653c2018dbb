import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { StartError } from "./start-error.ts";

/** The lock Prisma's own engine takes, so that its CLI and we, or several replicas, never migrate at once. */
const ADVISORY_LOCK = 72_707_369;
const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

type Migration = { name: string; sql: string; checksum: string };
type Applied = { migration_name: string; checksum: string; finished_at: Date | null };

function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => {
      const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** One transaction holds the change and its record, so that a kill in between leaves neither. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const record = `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
    VALUES ($1, $2, $3, now(), 1)`;
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query(record, [randomUUID(), checksum, name]);
    await client.query("COMMIT");
  } catch (cause) {
    // Where the connection is gone there is nothing to roll back, and the first error is the one to tell.
    await client.query("ROLLBACK").catch(() => undefined);
    const message = cause instanceof Error ? cause.message : String(cause);
    const cure = "Nothing of it was applied. Is this the database of another program, or of a newer version?";
    throw new StartError(`Migration ${name} failed: ${message}.`, cure, { cause });
  }
}

function check(known: Applied[], migrations: Migration[]): void {
  for (const row of known) {
    const migration = migrations.find(({ name }) => name === row.migration_name);
    if (!migration) {
      const problem = `The database has migration ${row.migration_name}, which this version does not know.`;
      throw new StartError(problem, "It was used by a newer version: update the checkout, or use another database.");
    }
    if (row.finished_at === null) {
      const problem = `Migration ${row.migration_name} was begun in this database and never finished.`;
      throw new StartError(problem, "Repair it with `npm run prisma -- migrate resolve`, with DATABASE_URL set.");
    }
    if (row.checksum !== migration.checksum) {
      const problem = `Migration ${row.migration_name} was changed after it had been applied to this database.`;
      throw new StartError(problem, "Restore the file, and put the change into a migration of its own.");
    }
  }
}

/**
 * Brings the database to the schema of this version, in the table and with the checksums of `prisma migrate deploy`.
 * @returns the names of the migrations applied now.
 * @throws StartError when one fails or the database's history is not ours; errors of connecting come as pg gives them.
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // Without a listener a connection that breaks would end the whole process; the query that it breaks rejects anyway.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    await client.query(TABLE);
    const select = "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL";
    const { rows } = await client.query<Applied>(select);
    const migrations = readMigrations(folder);
    check(rows, migrations);
    const missing = migrations.filter(({ name }) => !rows.some((row) => row.migration_name === name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
