import type { StopReason } from "../shared/record.ts";
import { type Played, playBlock } from "./block.ts";
import { nextStep, promising, survivors } from "./choose.ts";
import type { Field } from "./field.ts";
import { expectedCalls, fitBlock } from "./plan.ts";
import { type Belief, believe, type Row } from "./posterior.ts";
import { hash } from "./rng.ts";
import type { Work } from "./work.ts";

/** What looking ahead came to. */
export interface Lookahead {
  readonly belief: Belief;
  readonly stop: StopReason;
  readonly played: readonly Played[];
  readonly rounds: number;
  readonly rows: readonly Row[];
  /** Round after which a candidate was dropped, null where it stayed. */
  readonly eliminated: readonly (number | null)[];
}

/** L is never taken under this many ms: a deadline in seconds would starve a laptop and idle a cluster. */
export const shortestReply = 2000;
export const replyTime = (work: Work): number => Math.max(shortestReply, work.turn.speeds.reply);

/** The belief after what was played; finished cells of one intent draw are one row. */
export function beliefOf(work: Work, field: Field, played: readonly Played[]): { belief: Belief; rows: Row[] } {
  const { turn } = work;
  const rows = new Map<string, { seen: number[]; values: number[] }>();
  for (const cell of played) {
    if (cell.state !== "done" || cell.future === null) continue;
    const key = turn.policy.paired ? String(cell.k) : `${cell.k} ${cell.candidate}`;
    const row = rows.get(key) ?? { seen: [], values: [] };
    row.seen.push(cell.candidate);
    row.values.push(cell.future.reward.total - field.control(cell.candidate, cell.column));
    rows.set(key, row);
  }
  const list = [...rows.values()];
  const belief = believe(field.prior, field.noise, list, turn.policy.noise, hash(turn.seed, "posterior"));
  return { belief, rows: list };
}

/** Plays blocks until stopping is better. Rejects with TurnStopped alone: whatever fails, the leader so far is an answer. */
export async function lookAhead(work: Work, field: Field): Promise<Lookahead> {
  const { turn } = work;
  const { policy } = turn;
  const n = field.candidates.length;
  const began = work.now();
  const reply = replyTime(work);
  const lengths = field.candidates.map(({ tokens }) => tokens);
  const eliminated: (number | null)[] = Array.from({ length: n }, () => null);
  let alive = field.candidates.map((_, index) => index);
  let played: Played[] = [];
  let intents = 0;
  let round = 0;
  let { belief, rows } = beliefOf(work, field, played);

  const done = (stop: StopReason): Lookahead => ({ belief, stop, played, rounds: round, rows, eliminated });

  for (;;) {
    work.check();
    if (work.hurried()) return done("answer_now");
    if (field.line.length === 0) return done(round > 0 ? "budget" : "gate");
    if (policy.allocation !== "fixed" && policy.allocation !== "halving") {
      // Before the first block nobody has been seen: the design then leaves out whom it is not worth to try.
      const staying = round > 0 ? survivors(belief, alive, policy.drop) : alive;
      for (const index of alive) if (!staying.includes(index)) eliminated[index] = round - 1;
      alive = staying;
    }
    const counts = field.candidates.map(
      (_, index) => played.filter((cell) => cell.candidate === index && cell.state === "done").length,
    );
    const futures = played.flatMap((cell) => (cell.future === null ? [] : [cell.future]));
    const callsEach =
      futures.length === 0 ? expectedCalls : futures.reduce((sum, future) => sum + future.calls, 0) / futures.length;
    const step = nextStep(policy, { belief, alive, round, intents, counts, callsEach }, turn.seed);
    if (step.stop !== null) return done(step.stop);
    const spent = work.now() - began;
    if (spent >= policy.soft * reply) return done("deadline");
    const order = policy.allocation === "fixed" ? step.candidates : promising(belief, step.candidates);
    const limit = policy.hard * reply - spent;
    const wanted = { candidates: order, intents: step.intents, maxTokens: undefined };
    const plan = fitBlock(wanted, limit, turn.speeds, lengths);
    if (plan === null) return done("deadline");
    const first = intents;
    const { played: block, cut } = await playBlock(
      work,
      field,
      plan,
      round,
      step.draws === "own" ? (candidate) => counts[candidate] ?? 0 : () => first,
      limit,
    );
    intents += step.draws === "own" ? 0 : plan.intents;
    round += 1;
    played = [...played, ...block];
    ({ belief, rows } = beliefOf(work, field, played));
    if (cut === "hurried") return done("answer_now");
    if (cut === "late") return done("deadline");
    // A block that was dropped whole (a leak, rows that were slow) has shown nothing, and nothing has failed: the next may.
    const states = new Set(block.map((cell) => cell.state));
    if (!states.has("done") && states.has("failed")) return done("model_failed");
    if (policy.allocation === "halving") alive = step.candidates.slice();
  }
}
