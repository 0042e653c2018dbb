import { v7 } from "uuid";
import { database } from "./client.ts";
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

/** Milliseconds of the newest full direct replies of a model, newest first: where L (engine.md section 3) starts after a restart. */
export async function readReplyTimes(model: string, limit = 31): Promise<number[]> {
  const rows = await database().usage.findMany({
    where: { model, purpose: "answer", outcome: "ok" },
    select: { ms: true },
    orderBy: { createdAt: "desc" },
    take: limit,
  });
  return rows.map((row) => row.ms);
}
