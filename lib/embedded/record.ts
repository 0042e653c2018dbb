import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { findPostmaster } from "./postgres.ts";
import { end, identify } from "./process.ts";
import { replaceFile } from "./replace-file.ts";

const identity = z.object({ pid: z.number().int(), startedAt: z.string() });
const recordSchema = z.object({
  supervisor: identity.optional(),
  /** How to look into the database while it runs; the file is readable by its owner alone. */
  databaseUrl: z.string().optional(),
  children: z.array(identity.extend({ name: z.string(), port: z.number().int() })),
});
/** What runs on a data folder, kept in `<folder>/run.json` so that the next start finds what a kill left behind. */
export type RunRecord = z.infer<typeof recordSchema>;

const fileOf = (folder: string): string => join(folder, "run.json");

export function writeRecord(folder: string, record: RunRecord): void {
  replaceFile(fileOf(folder), `${JSON.stringify(record, null, 2)}\n`);
}

export function readRecord(folder: string): RunRecord | undefined {
  if (!existsSync(fileOf(folder))) return undefined;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(fileOf(folder), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Stops what an earlier start of this data folder left running, and nothing else: a process counts only when both its id
 * and its start time are those recorded. The supervisor goes first, or it would start the others again.
 * @returns the names of what was stopped.
 */
export async function reclaim(folder: string): Promise<string[]> {
  const record = readRecord(folder);
  const stopped: string[] = [];
  if (record?.supervisor) await end(record.supervisor, ["SIGTERM", "SIGKILL"], 20_000);
  for (const child of (record?.children ?? []).toReversed()) {
    if (identify(child.pid)?.startedAt !== child.startedAt) continue;
    const database = child.name === "Postgres";
    await end(child, database ? ["SIGINT", "SIGQUIT", "SIGKILL"] : ["SIGTERM", "SIGKILL"], database ? 15_000 : 5_000);
    stopped.push(child.name);
  }
  const postmaster = findPostmaster(join(folder, "postgres"));
  if (postmaster) {
    await end(postmaster, ["SIGINT", "SIGQUIT", "SIGKILL"], 15_000);
    stopped.push("Postgres");
  }
  return stopped;
}
