import { v7 } from "uuid";
import type { Database } from "./database.ts";

/** One try of one model call; numbers and names only. */
export type UsageRow = {
  model: string;
  purpose: string;
  work: string;
  promptVersion: string;
  seed: number | null;
  tokensIn: number;
  tokensCached: number;
  tokensOut: number;
  estimated: boolean;
  ms: number;
  firstTokenMs: number | null;
  waitedMs: number;
  attempt: number;
  outcome: string;
};

export async function addUsage(db: Database, runId: string, rows: readonly UsageRow[]): Promise<void> {
  await db.usage.createMany({ data: rows.map((row) => ({ ...row, id: v7(), runId })) });
}
