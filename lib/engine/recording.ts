import type { CandidateRecord, Decision, IntentRecord, Path, RolloutRecord, StopReason } from "../shared/record.ts";
import type { Played } from "./block.ts";
import type { Release } from "./choose.ts";
import { contrastOf } from "./contrast.ts";
import type { Field } from "./field.ts";
import { type Lookahead, replyTime } from "./lookahead.ts";
import type { Candidate, Clarity, Table } from "./ports.ts";
import type { Belief } from "./posterior.ts";
import type { Reward } from "./reward.ts";
import type { Work } from "./work.ts";

/** Everything a turn came to, before it is written down. */
export interface Told {
  readonly path: Path;
  readonly stop: StopReason;
  readonly clarity: Clarity | null;
  readonly threshold: number;
  readonly candidates: readonly Candidate[];
  readonly chosen: Candidate;
  readonly field: Field | null;
  readonly belief: Belief | null;
  readonly lookahead: Lookahead | null;
  readonly release: Release | null;
  readonly audit: boolean;
  readonly firstToken: number | null;
  /** Milliseconds since the turn began at which drafting (with the table) and looking ahead ended; null where they did not take place. */
  readonly draftedAt: number | null;
  readonly decidedAt: number | null;
}

function meanOf(values: readonly number[]): { mean: number; sd: number; n: number } | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const sd = n < 2 ? 0 : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  return { mean, sd, n };
}

function byIntent(field: Field, index: number, table: Table, pick: "usefulness" | "questions") {
  const entries: [string, number][] = [];
  for (const { intent, column } of field.readings.list) {
    const value = field.cell(index, column)?.[pick];
    if (typeof value === "number") entries.push([intent.id, value]);
  }
  return table.intents.length > 0 && entries.length > 0 ? Object.fromEntries(entries) : null;
}

function candidateRecord(told: Told, candidate: Candidate): CandidateRecord {
  const { field, lookahead, release } = told;
  const belief = told.belief;
  const index = field?.candidates.findIndex((other) => other.id === candidate.id) ?? -1;
  const rewards: Reward[] = [];
  for (const cell of lookahead?.played ?? [])
    if (cell.candidate === index && cell.state === "done" && cell.future) rewards.push(cell.future.reward);
  const n = field?.candidates.length ?? 0;
  const known = field !== null && index >= 0;
  const chosen = candidate.id === told.chosen.id;
  return {
    id: candidate.id,
    kind: candidate.kind,
    text: candidate.text,
    tokens: candidate.tokens,
    finished: candidate.finished,
    usefulness: known && field.table ? byIntent(field, index, field.table, "usefulness") : null,
    questions: known && field.table ? byIntent(field, index, field.table, "questions") : null,
    prior: known ? { mean: field.priorMean[index] ?? 0, sd: field.priorSd[index] ?? 0 } : null,
    posterior:
      known && belief
        ? {
            mean: belief.mean[index] ?? 0,
            sd: spread(belief, index, n),
            best: belief.best[index] ?? 0,
          }
        : null,
    goal: meanOf(rewards.map((reward) => reward.extrinsic)),
    effort: meanOf(rewards.map((reward) => reward.cost)),
    interaction: meanOf(rewards.map((reward) => reward.interaction)),
    propensity: release && index >= 0 ? Math.min(1, release.propensities[index] ?? 0) : chosen ? 1 : 0,
    chosen,
    eliminatedAfter: lookahead?.eliminated[index] ?? null,
  };
}

/** S.d. of a candidate's mean against the mean of all, for the level they share is not known and not needed. */
function spread(belief: Belief, index: number, n: number): number {
  let own = 0;
  let grand = 0;
  for (let a = 0; a < n; a += 1) {
    own += (belief.covariance[index * n + a] ?? 0) / n;
    for (let b = 0; b < n; b += 1) grand += (belief.covariance[a * n + b] ?? 0) / (n * n);
  }
  return Math.sqrt(Math.max(0, (belief.covariance[index * n + index] ?? 0) - 2 * own + grand));
}

function intentRecords(field: Field | null): IntentRecord[] {
  if (field === null) return [];
  const { list, other } = field.readings;
  const records = list.map(({ intent, share }) => ({
    id: intent.id,
    text: intent.text,
    ...(intent.label === undefined ? {} : { label: intent.label }),
    weight: Math.min(1, share * (1 - other)),
    other: false,
  }));
  return other > 0 ? [...records, { id: "other", text: "something else", weight: other, other: true }] : records;
}

function rolloutRecord(field: Field, cell: Played): RolloutRecord {
  const candidateId = field.candidates[cell.candidate]?.id ?? "";
  return {
    id: `${cell.round}:${candidateId}:${cell.index}`,
    candidateId,
    intentId: cell.intentId,
    block: cell.round,
    state: cell.state,
    reason: cell.reason,
    draws: { k: cell.k, ...(cell.future?.unnoticed == null ? {} : { unnoticed: cell.future.unnoticed }) },
    turns: (cell.future?.turns ?? []).map((turn) => ({ ...turn })),
    reward: cell.future ? { ...cell.future.reward } : null,
    ms: cell.ms,
  };
}

/** The decision record of a turn. */
export function recordOf(work: Work, told: Told): Decision {
  const { turn } = work;
  const { field, lookahead, belief } = told;
  const now = work.now();
  const failed = lookahead?.played.filter((cell) => cell.state === "failed").length ?? 0;
  const dropped = lookahead?.played.filter((cell) => cell.state === "dropped").length ?? 0;
  if (failed > 0) work.note(`${failed} ${failed === 1 ? "rollout" : "rollouts"} failed`);
  if (dropped > 0) work.note(`${dropped} ${dropped === 1 ? "rollout was" : "rollouts were"} dropped`);
  return {
    schema: 1,
    path: told.path,
    stopReason: told.stop,
    preset: turn.policy.preset,
    asking: turn.asking,
    policy: { name: turn.policy.name, version: turn.policy.version },
    seed: turn.seed,
    models: { ...turn.models },
    promptVersions: { ...work.promptVersions },
    clarity: told.clarity
      ? { clear: told.clarity.clear, threshold: told.threshold, source: told.clarity.source }
      : null,
    tableSource: field?.table?.source ?? null,
    sensitivity: field?.table?.sensitivity ?? null,
    trust: turn.trust,
    rates: { ...turn.rates },
    intents: intentRecords(field),
    candidates: told.candidates.map((candidate) => candidateRecord(told, candidate)),
    chosenId: told.chosen.id,
    rollouts: field && lookahead ? lookahead.played.map((cell) => rolloutRecord(field, cell)) : [],
    blocks: lookahead?.rounds ?? 0,
    contrast: field && belief ? contrastOf(field, belief, told.chosen.id, lookahead?.rows ?? []) : null,
    expectedRegret: belief?.regret ?? null,
    explored: told.release?.explored ?? false,
    audit: told.audit,
    cost: work.cost(),
    ms: {
      firstToken: told.firstToken,
      drafting: told.draftedAt ?? 0,
      lookahead: told.draftedAt !== null && told.decidedAt !== null ? told.decidedAt - told.draftedAt : 0,
      total: now,
    },
    replyMs: replyTime(work),
    notes: [...work.notes],
  };
}

/** Rollouts finished, a cell that was played both ways counted twice. */
export function futuresIn(record: Pick<Decision, "rollouts">): number {
  return record.rollouts.reduce(
    (sum, rollout) => sum + (rollout.state !== "done" ? 0 : rollout.draws.unnoticed === undefined ? 1 : 2),
    0,
  );
}
