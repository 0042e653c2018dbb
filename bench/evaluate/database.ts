import { isDeepStrictEqual } from "node:util";
import { readRecord } from "../../lib/embedded/record.ts";
import { parseEnvironment } from "../../lib/server/env.ts";
import { type RunKey, runId } from "./case-store.ts";
import type { Case } from "./cases.ts";

/** The tables `evaluation` and `evaluation_case`, where there is a database; files alone hold the cases otherwise. */
export interface Keeper {
  keep(key: RunKey, cases: readonly Case[]): Promise<void>;
  close(): Promise<void>;
}

/** DATABASE_URL, else the embedded Postgres of an app that runs on this data folder now, else none. */
function findDatabase(): string | undefined {
  const { databaseUrl, dataFolder } = parseEnvironment(process.env);
  return databaseUrl ?? readRecord(dataFolder)?.databaseUrl;
}

/**
 * A keeper over the database that is up, or null without one. Call it before anything else reads the environment: the
 * store is told of a found database through it. The store is loaded only then, so that an evaluation needs neither
 * a database nor its generated client. A database that fails is said once and left out: the files have everything.
 */
export async function openKeeper(say: (line: string) => void): Promise<Keeper | null> {
  const url = findDatabase();
  if (url === undefined) return null;
  process.env.DATABASE_URL = url;
  let working = true;
  let close = async () => {};
  const open = async () => {
    const { disconnect } = await import("../../lib/store/client.ts");
    close = disconnect;
    return import("../../lib/store/evaluations.ts");
  };
  const guard = async (work: () => Promise<void>) => {
    if (!working) return;
    await work().catch((error: unknown) => {
      working = false;
      say(`Not kept in the database: ${error instanceof Error ? error.message.split("\n").at(-1) : String(error)}`);
    });
  };
  return {
    keep: (key, cases) =>
      guard(async () => {
        const store = await open();
        const id = await store.openEvaluation(runId(key), key);
        const known = new Map((await store.listCases(id)).map((row) => [row.itemId, row.result]));
        for (const one of cases) {
          if (isDeepStrictEqual(known.get(one.id), one)) continue;
          await store.saveCase(id, { set: key.set, policy: key.policy, seed: key.seed, itemId: one.id }, one);
        }
      }),
    close: () => close(),
  };
}
