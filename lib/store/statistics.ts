import type { Kind, Preset } from "../shared/kinds.ts";
import { database } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/** Mean R_LLM of each kind over the newest rollouts that were judged; kinds without any are missing. */
export async function readKindMeans(rollouts = 2_000): Promise<Partial<Record<Kind, number>>> {
  const rows = await database().$queryRaw<{ kind: Kind; mean: number }[]>(Prisma.sql`
    WITH newest AS (
      SELECT r."judge", c."kind" FROM "rollout" r
      JOIN "decision" d ON d."id" = r."decision_id"
      JOIN "candidate" c ON c."decision_id" = r."decision_id" AND c."id" = r."candidate_id"
      WHERE r."judge" IS NOT NULL ORDER BY d."created_at" DESC LIMIT ${rollouts}
    ) SELECT "kind"::text AS kind, avg("judge")::float8 AS mean FROM newest GROUP BY "kind"`);
  return Object.fromEntries(rows.map((row) => [row.kind, row.mean]));
}

/** Median length in tokens of each kind's newest whole candidates. */
export async function readLengths(candidates = 1_000): Promise<Partial<Record<Kind, number>>> {
  const rows = await database().$queryRaw<{ kind: Kind; median: number }[]>(Prisma.sql`
    WITH newest AS (
      SELECT c."kind", c."tokens" FROM "candidate" c JOIN "decision" d ON d."id" = c."decision_id"
      WHERE c."finished" ORDER BY d."created_at" DESC LIMIT ${candidates}
    )
    SELECT "kind"::text AS kind, percentile_cont(0.5) WITHIN GROUP (ORDER BY "tokens")::float8 AS median
    FROM newest GROUP BY "kind"`);
  return Object.fromEntries(rows.map((row) => [row.kind, row.median]));
}

/** Milliseconds of a model's newest calls, by purpose: the quicker quarter, which is closest to a call alone. */
export async function readCallTimes(model: string, calls = 500): Promise<Record<string, number>> {
  const rows = await database().$queryRaw<{ purpose: string; ms: number }[]>(Prisma.sql`
    WITH newest AS (
      SELECT "purpose", "ms" FROM "usage" WHERE "model" = ${model} AND "outcome" = 'ok'
      ORDER BY "created_at" DESC LIMIT ${calls}
    )
    SELECT "purpose", percentile_cont(0.25) WITHIN GROUP (ORDER BY "ms")::float8 AS ms FROM newest GROUP BY "purpose"`);
  return Object.fromEntries(rows.map((row) => [row.purpose, row.ms]));
}

/** Milliseconds that nine of ten of the newest turns took that did not answer at once, by preset; none under ten turns. */
export async function readUsualTimes(turns = 500): Promise<Partial<Record<Preset, number>>> {
  const rows = await database().$queryRaw<{ preset: Preset; ms: number }[]>(Prisma.sql`
    WITH newest AS (
      SELECT "preset", "total_ms" FROM "decision" WHERE "path" IN ('lookahead', 'prior')
      ORDER BY "created_at" DESC LIMIT ${turns}
    )
    SELECT "preset"::text AS preset, percentile_cont(0.9) WITHIN GROUP (ORDER BY "total_ms")::float8 AS ms
    FROM newest GROUP BY "preset" HAVING count(*) >= 10`);
  return Object.fromEntries(rows.map((row) => [row.preset, row.ms]));
}

export type LoggedTurn = {
  weights: Record<string, number>;
  candidates: { usefulness: Record<string, number> | null; mean: number | null; n: number }[];
};

/** What the table said of each candidate and what its rollouts came to, of the newest turns that looked ahead. */
export async function readLoggedTurns(turns = 300): Promise<LoggedTurn[]> {
  const rows = await database().decision.findMany({
    where: { path: "lookahead" },
    orderBy: { createdAt: "desc" },
    take: turns,
    select: {
      intents: { select: { id: true, weight: true } },
      candidates: { select: { rest: true } },
    },
  });
  return rows.map((row) => ({
    weights: Object.fromEntries(row.intents.map((intent) => [intent.id, intent.weight])),
    candidates: row.candidates.map(({ rest }) => loggedCandidate(rest as CandidateRest)),
  }));
}

type Part = { mean: number; n: number } | null;
type CandidateRest = { usefulness: Record<string, number> | null; goal: Part; effort: Part; interaction: Part };

function loggedCandidate({ usefulness, goal, effort, interaction }: CandidateRest): LoggedTurn["candidates"][number] {
  const parts = [goal, effort, interaction];
  const mean = goal === null ? null : parts.reduce((sum, part) => sum + (part?.mean ?? 0), 0);
  return { usefulness, mean, n: goal?.n ?? 0 };
}
