import type { Decision, Path } from "../shared/record.ts";
import { balanced } from "./policy.ts";
import { effort, tailValue } from "./reward.ts";
import type { Turn } from "./turn.ts";

/**
 * How far the table may be trusted: the shrunken slope of what rollouts showed on what the table had said, over logged
 * turns. A table that says nothing has slope 0 and is then no table; an inverted one would have a negative slope and is
 * held at 0 as well: betting against it is not safer than leaving it.
 */
export interface LoggedTurn {
  /** Per candidate: the table's claim (its row mean, in units of MR, before any trust) and the mean of its rollouts. */
  readonly candidates: readonly { readonly table: number; readonly rollouts: number; readonly n: number }[];
  /**
   * 1 for turns rolled out live; for audited ones 1 over the usual share of audits, as each stands for all that were not. The
   * first ones are drawn at a higher share (`auditShare`) and so count for more than they stand for; see decision 0023.
   */
  readonly weight: number;
}

/**
 * Rolled-out turns that must be logged before trust moves from 1, and how many usual turns' worth of belief in 1 it starts
 * with. It is this belief that keeps a few noisy turns from moving trust far, so there is no need to wait for thirty.
 */
const firstTurns = 3;
const priorTurns = 10;
/** Variance of a mean of one rollout, and of table claims between candidates, that the shrinkage assumes. */
const noise = 0.04;
const usualSpread = 0.02;

/**
 * Trust in [0,1] from logged turns: Σ w·x·y + prior over Σ w·x² + prior, with x and y a candidate's claim and showing less
 * the turn's mean, weighted by how well the showing is known.
 */
export function trustFrom(log: readonly LoggedTurn[]): number {
  if (log.length < firstTurns) return 1;
  let across = 0;
  let own = 0;
  for (const { candidates, weight } of log) {
    const seen = candidates.filter((candidate) => candidate.n > 0);
    if (seen.length < 2) continue;
    const table = seen.reduce((sum, candidate) => sum + candidate.table, 0) / seen.length;
    const shown = seen.reduce((sum, candidate) => sum + candidate.rollouts, 0) / seen.length;
    for (const candidate of seen) {
      const known = weight / (noise / candidate.n);
      const x = candidate.table - table;
      across += known * x * (candidate.rollouts - shown);
      own += known * x * x;
    }
  }
  // Belief in 1 counts as a few usual turns, so that thirty noisy ones cannot throw it far.
  const prior = (priorTurns * usualSpread) / noise;
  return Math.min(1, Math.max(0, (across + prior) / (own + prior)));
}

/** While fewer turns than this are logged, this share of gated turns is audited. */
const fewLogged = 20;
const earlyAudits = 0.5;

/**
 * Share of gated turns to be rolled out afterwards: more of those that the table gated (path `prior`) while too little is
 * logged to know whether it is any good; a clear turn says little about the table, and its audit costs as much.
 */
export function auditShare(turn: Pick<Turn, "policy" | "logged">, path: Path): number {
  const usual = turn.policy.gate.audit;
  const unsure = path === "prior" && turn.logged !== undefined && turn.logged < fewLogged;
  return usual > 0 && unsure ? earlyAudits : usual;
}

/**
 * What a record tells about the table: its claims, recomputed from the stored usefulness, and what the rollouts showed.
 * Null where nothing was rolled out or the table had no opinion. `audited`: the record of an audit, which stands for the
 * gated turns that were not audited.
 */
export function loggedTurn(
  record: Pick<Decision, "rates" | "intents" | "candidates">,
  audited: boolean,
): LoggedTurn | null {
  const { lambda, tableShare, gate } = balanced;
  const quits = record.rates.quits ?? 0;
  const total = record.intents.reduce((sum, intent) => sum + (intent.other ? 0 : intent.weight), 0);
  const candidates = record.candidates.flatMap((candidate) => {
    const { usefulness, questions, goal, effort: spent, interaction } = candidate;
    if (usefulness === null || goal === null || total <= 0) return [];
    const own = effort(lambda, candidate.tokens);
    const claim = record.intents.reduce((sum, { id, weight, other }) => {
      if (other) return sum;
      const useful = Math.min(1, Math.max(0, usefulness[id] ?? 0));
      const asked = candidate.kind === "ask" ? Math.max(1, questions?.[id] ?? 1) : 0;
      return sum + (weight / total) * (asked > 0 ? tailValue(useful, asked, quits, -own) : useful + own);
    }, 0);
    const rollouts = goal.mean + (spent?.mean ?? 0) + (interaction?.mean ?? 0);
    return [{ table: tableShare * claim, rollouts, n: goal.n }];
  });
  if (candidates.length < 2) return null;
  return { candidates, weight: audited && gate.audit > 0 ? 1 / gate.audit : 1 };
}
