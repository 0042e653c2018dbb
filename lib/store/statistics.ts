import type { Kind, Preset } from "../shared/kinds.ts";
import type { CandidateRecord, Decision } from "../shared/record.ts";
import { database } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/** Sums over logged rollouts: the engine's `LoggedScatter`. */
export type LoggedScatter = {
  turns: number;
  squares: number;
  freedom: number;
  products: number;
  pairFreedom: number;
};

/** Whose turns compare: what other models wrote, or another version of the policy scored, says nothing of these. */
export type Compared = { policyVersion: string; models: Decision["models"] };

const madeBy = (models: Decision["models"]) => Prisma.sql`d."rest"->'models' = ${JSON.stringify(models)}::jsonb`;
const scoredAs = ({ policyVersion, models }: Compared) =>
  Prisma.sql`d."policy_version" = ${policyVersion} AND ${madeBy(models)}`;

/** Mean R_LLM of each kind over the newest rollouts that were played to their end and judged; kinds without any are missing. */
export async function readKindMeans(of: Compared, rollouts = 2_000): Promise<Partial<Record<Kind, number>>> {
  const rows = await database().$queryRaw<{ kind: Kind; mean: number }[]>(Prisma.sql`
    WITH newest AS (
      SELECT r."judge", c."kind" FROM "rollout" r
      JOIN "decision" d ON d."id" = r."decision_id"
      JOIN "candidate" c ON c."decision_id" = r."decision_id" AND c."id" = r."candidate_id"
      WHERE r."judge" IS NOT NULL AND r."state" = 'done' AND ${scoredAs(of)} ORDER BY d."created_at" DESC LIMIT ${rollouts}
    ) SELECT "kind"::text AS kind, avg("judge")::float8 AS mean FROM newest GROUP BY "kind"`);
  return Object.fromEntries(rows.map((row) => [row.kind, row.mean]));
}

/** Median length in tokens of each kind's newest whole candidates, as this model writes them. */
export async function readLengths(assistant: string, candidates = 1_000): Promise<Partial<Record<Kind, number>>> {
  const rows = await database().$queryRaw<{ kind: Kind; median: number }[]>(Prisma.sql`
    WITH newest AS (
      SELECT c."kind", c."tokens" FROM "candidate" c JOIN "decision" d ON d."id" = c."decision_id"
      WHERE c."finished" AND d."rest"->'models'->>'assistant' = ${assistant} ORDER BY d."created_at" DESC LIMIT ${candidates}
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

/**
 * Milliseconds that nine of ten of the newest turns took that did not answer at once, by preset; none under ten turns. An audit
 * is none of them: it runs in the background, and nobody waited for it.
 */
export async function readUsualTimes(
  models: Decision["models"],
  turns = 500,
): Promise<Partial<Record<Preset, number>>> {
  const rows = await database().$queryRaw<{ preset: Preset; ms: number }[]>(Prisma.sql`
    WITH newest AS (
      SELECT "preset", "total_ms" FROM "decision" d
      WHERE "mode" = 'live' AND "path" IN ('lookahead', 'prior') AND ${madeBy(models)}
      ORDER BY "created_at" DESC LIMIT ${turns}
    )
    SELECT "preset"::text AS preset, percentile_cont(0.9) WITHIN GROUP (ORDER BY "total_ms")::float8 AS ms
    FROM newest GROUP BY "preset" HAVING count(*) >= 10`);
  return Object.fromEntries(rows.map((row) => [row.preset, row.ms]));
}

/**
 * How the totals of the newest rollouts scatter round the mean of their candidate in their turn, and how those of candidates
 * that met the same draw do so together. `reference` is left out: it draws for each candidate apart.
 */
export async function readScatter(of: Compared, rollouts = 4_000): Promise<LoggedScatter> {
  const [row] = await database().$queryRaw<[LoggedScatter]>(Prisma.sql`
    WITH newest AS (
      SELECT r."decision_id", r."candidate_id", r."draws"->>'k' AS draw, r."total" FROM "rollout" r
      JOIN "decision" d ON d."id" = r."decision_id"
      WHERE r."state" = 'done' AND r."total" IS NOT NULL AND d."preset" <> 'reference' AND ${scoredAs(of)}
      ORDER BY d."created_at" DESC LIMIT ${rollouts}
    ), centred AS (
      SELECT "decision_id", draw, "total" - avg("total") OVER own AS d, 1 - 1.0 / count(*) OVER own AS free
      FROM newest WINDOW own AS (PARTITION BY "decision_id", "candidate_id")
    ), rows AS (
      SELECT "decision_id", sum(d * d) AS squares, sum(free) AS free, sum(d) ^ 2 AS whole,
        sum(free) * (count(*) - 1) / 2 AS pairs
      FROM centred GROUP BY "decision_id", draw
    )
    SELECT count(DISTINCT "decision_id")::int AS turns, coalesce(sum(squares), 0)::float8 AS squares,
      coalesce(sum(free), 0)::float8 AS freedom, coalesce(sum(whole - squares) / 2, 0)::float8 AS products,
      coalesce(sum(pairs), 0)::float8 AS "pairFreedom"
    FROM rows`);
  return row;
}

/** A record without its texts and rollouts: what the table said of each candidate and what its rollouts came to. */
export type LoggedRecord = Pick<Decision, "rates" | "intents" | "candidates"> & { audited: boolean };

/** The newest turns that were rolled out, live or as an audit. `reference` is left out here too: its candidates share no draws. */
export async function readLoggedRecords({ policyVersion, models }: Compared, turns = 300): Promise<LoggedRecord[]> {
  const rows = await database().decision.findMany({
    where: {
      path: "lookahead",
      preset: { not: "reference" },
      policyVersion,
      rest: { path: ["models"], equals: models },
    },
    orderBy: { createdAt: "desc" },
    take: turns,
    select: {
      mode: true,
      rest: true,
      intents: { select: { id: true, weight: true, other: true } },
      candidates: { select: { id: true, kind: true, tokens: true, rest: true } },
    },
  });
  const unread = { text: "", finished: true, posterior: null, propensity: 1, chosen: false };
  return rows.map(({ mode, rest, intents, candidates }) => ({
    audited: mode === "audit",
    rates: (rest as Pick<Decision, "rates">).rates,
    intents: intents.map((intent) => ({ ...intent, text: "" })),
    candidates: candidates.map(({ rest, ...own }) => ({ ...unread, ...(rest as CandidateRest), ...own })),
  }));
}

type CandidateRest = Pick<
  CandidateRecord,
  "usefulness" | "questions" | "prior" | "goal" | "effort" | "interaction" | "eliminatedAfter"
>;
