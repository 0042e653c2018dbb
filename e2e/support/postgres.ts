import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { migrate } from "../../lib/embedded/migrate.ts";
import { startPostgres } from "../../lib/embedded/postgres.ts";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

/** A real, empty, migrated Postgres of its own, gone when `stop` returns. */
export async function throwAwayPostgres() {
  const folder = mkdtempSync(join(tmpdir(), "parley-test-"));
  const postgres = await startPostgres(folder);
  await migrate(postgres.url, migrations);
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Global setup of the integration tests: they find their database in DATABASE_URL. */
export default async function setup(): Promise<() => Promise<void>> {
  const { url, stop } = await throwAwayPostgres();
  process.env.DATABASE_URL = url;
  return stop;
}
