import { v7 } from "uuid";
import { type Decision, decisionSchema } from "../shared/record.ts";
import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { storable } from "./storable.ts";

/**
 * `live`: how the reply was chosen. `audit`: what rolling the turn out afterwards showed, where the gate had released it.
 */
export type DecisionMode = "live" | "audit";

/** Writes the record of a run: columns for what is asked of many decisions at once, `rest` for what is only ever read whole. */
export async function addDecision(
  db: Database,
  runId: string,
  record: Decision,
  mode: DecisionMode = "live",
): Promise<void> {
  const id = v7();
  const { intents, candidates, rollouts, ...head } = storable(record);
  const { path, stopReason, preset, asking, policy, seed, chosenId, blocks, expectedRegret, explored, audit, ...rest } =
    head;
  await db.decision.create({
    data: {
      id,
      runId,
      mode,
      path,
      stopReason,
      preset,
      asking,
      policyName: policy.name,
      policyVersion: policy.version,
      seed,
      chosenId,
      blocks,
      expectedRegret,
      explored,
      audit,
      totalMs: record.ms.total,
      rest: rest as object,
    },
    select: { id: true },
  });
  // A clear request has neither: no statement for nothing.
  if (intents.length > 0)
    await db.intent.createMany({
      data: intents.map(({ label, ...intent }, position) => ({
        ...intent,
        decisionId: id,
        position,
        label: label ?? null,
      })),
    });
  await db.candidate.createMany({
    data: candidates.map(
      ({ posterior, id: own, kind, text, tokens, finished, propensity, chosen, ...other }, position) => ({
        decisionId: id,
        id: own,
        position,
        kind,
        text,
        tokens,
        finished,
        posteriorMean: posterior?.mean ?? null,
        posteriorSd: posterior?.sd ?? null,
        posteriorBest: posterior?.best ?? null,
        propensity,
        chosen,
        rest: other,
      }),
    ),
  });
  if (rollouts.length > 0)
    await db.rollout.createMany({
      data: rollouts.map(({ reward, ...rollout }, position) => ({ ...rollout, ...reward, decisionId: id, position })),
    });
}

const byPosition = { orderBy: { position: "asc" } } as const;

/** The record as it was written, or null where the run left none. The one place that loads rollouts. */
export async function readDecision(
  runId: string,
  mode: DecisionMode = "live",
): Promise<{ record: Decision; createdAt: Date } | null> {
  const row = await database().decision.findUnique({
    where: { runId_mode: { runId, mode } },
    include: { intents: byPosition, candidates: byPosition, rollouts: byPosition },
  });
  if (!row) return null;
  const record = {
    ...(row.rest as object),
    path: row.path,
    stopReason: row.stopReason,
    preset: row.preset,
    asking: row.asking,
    policy: { name: row.policyName, version: row.policyVersion },
    seed: Number(row.seed),
    chosenId: row.chosenId,
    blocks: row.blocks,
    expectedRegret: row.expectedRegret,
    explored: row.explored,
    audit: row.audit,
    intents: row.intents.map(({ id, text, weight, other, label }) => ({
      id,
      text,
      weight,
      other,
      ...(label === null ? {} : { label }),
    })),
    candidates: row.candidates.map((candidate) => ({
      ...(candidate.rest as object),
      id: candidate.id,
      kind: candidate.kind,
      text: candidate.text,
      tokens: candidate.tokens,
      finished: candidate.finished,
      posterior:
        candidate.posteriorMean === null
          ? null
          : { mean: candidate.posteriorMean, sd: candidate.posteriorSd, best: candidate.posteriorBest },
      propensity: candidate.propensity,
      chosen: candidate.chosen,
    })),
    rollouts: row.rollouts.map(
      ({ decisionId: _, position: __, extrinsic, cost, interaction, judge, tail, total, ...rollout }) => ({
        ...rollout,
        reward: total === null ? null : { extrinsic, cost, interaction, judge, tail, total },
      }),
    ),
  };
  return { record: decisionSchema.parse(record), createdAt: row.createdAt };
}

/** The candidates of a run in short, and the policy that chose: what every word of feedback is kept with. */
export function readCandidateSet(db: Database, runId: string) {
  return db.decision.findUnique({
    where: { runId_mode: { runId, mode: "live" } },
    select: {
      policyName: true,
      policyVersion: true,
      chosenId: true,
      candidates: {
        ...byPosition,
        select: { id: true, kind: true, chosen: true, propensity: true, posteriorMean: true },
      },
    },
  });
}
