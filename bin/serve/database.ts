import { join } from "node:path";
import { explainDatabase } from "../../lib/embedded/explain.ts";
import { migrate } from "../../lib/embedded/migrate.ts";
import { startPostgres } from "../../lib/embedded/postgres.ts";
import type { Supervisor } from "../../lib/embedded/supervise.ts";
import type { Environment } from "../../lib/server/env.ts";
import { root } from "../steps/root.js";
import { step } from "../steps/say.js";

async function startEmbedded(folder: string, supervisor: Supervisor): Promise<string> {
  let url = "";
  await step("Postgres", () =>
    supervisor.add({
      name: "Postgres",
      start: async (port) => {
        const postgres = await startPostgres(folder, port);
        url = postgres.url;
        return postgres;
      },
    }),
  );
  return url;
}

/** A database of this version's schema: the user's own, or the embedded one. @returns its URL. */
export async function prepareDatabase(settings: Environment, supervisor: Supervisor): Promise<string> {
  const url = settings.databaseUrl ?? (await startEmbedded(settings.dataFolder, supervisor));
  await step(settings.databaseUrl ? "Migrations (your DATABASE_URL)" : "Migrations", () =>
    migrate(url, join(root, "prisma/migrations")).catch((error) => {
      throw settings.databaseUrl ? explainDatabase(error, url) : error;
    }),
  );
  return url;
}
