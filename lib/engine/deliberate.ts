import { decisionPartOf } from "../shared/decision-part.ts";
import { asks } from "../shared/kinds.ts";
import type { Decision, StopReason } from "../shared/record.ts";
import { allowedDrafts, beginAnswer, type Direct } from "./candidates.ts";
import { channel } from "./channel.ts";
import { explore, winnerOf } from "./choose.ts";
import { draftAndRead } from "./drafting.ts";
import { type Field, makeField } from "./field.ts";
import { clearThreshold, gateOpens, judgedClear, worthAsking } from "./gate.ts";
import { beliefOf, lookAhead, replyTime } from "./lookahead.ts";
import { auditPolicy, type Policy } from "./policy.ts";
import type { Candidate, Clarity, Ports } from "./ports.ts";
import type { Belief } from "./posterior.ts";
import { recordOf, type Told } from "./recording.ts";
import { hash, uniform } from "./rng.ts";
import { auditShare } from "./trust.ts";
import { type Turn, type TurnEvent, TurnFailed, TurnStopped } from "./turn.ts";
import { openWork, type Work } from "./work.ts";

/** Longest wait for the clarity check, and for the next piece of a released stream, in L. */
const clarityLimit = 2;
const streamLimit = 10;

/**
 * The story of one turn: is the request clear? else draft, read, weigh, try, choose, release. Yields what happens as it
 * happens, `text` only once released, and returns the decision record. Throws TurnStopped when the person stopped it
 * and TurnFailed when no reply came to be or a released one broke off; nothing else.
 * Leaving the generator early stops the turn.
 */
export async function* deliberate(turn: Turn, ports: Ports): AsyncGenerator<TurnEvent, Decision, void> {
  const events = channel<TurnEvent>();
  const played = turn.mode === "audit" ? { ...turn, policy: auditPolicy(turn.policy) } : turn;
  const work = openWork(played, ports, (event) => events.push(event));
  const told = tell(work).finally(() => {
    work.end();
    events.close();
  });
  told.catch(() => {});
  let left = true;
  try {
    for (let batch = await events.take(); batch.length > 0; batch = await events.take()) yield* batch;
    left = false;
    return await told;
  } finally {
    if (left) work.abandon();
  }
}

/** What the parts of a turn share while it is told. */
interface Scene {
  readonly work: Work;
  readonly policy: Policy;
  readonly direct: Direct | null;
  readonly emitText: (piece: string) => void;
  readonly firstToken: () => number | null;
  readonly clarity: Clarity | null;
}

async function tell(work: Work): Promise<Decision> {
  const { turn } = work;
  const { policy } = turn;
  let firstToken: number | null = null;
  const emitText = (piece: string) => {
    if (firstToken === null) firstToken = work.now();
    work.markShown();
    work.emit({ type: "text", piece });
  };
  work.check();
  const needsAnswer =
    policy.fixed === null || "by" in policy.fixed || !allowedDrafts(work).some((plan) => fixes(policy, plan));
  if (needsAnswer) work.emit({ type: "stage", stage: { stage: "reading", done: 0, total: 1, at: work.now() } });
  await gather(work);
  const direct = needsAnswer ? beginAnswer(work, emitText) : null;
  const live = turn.mode === "live";

  const checks = live && policy.gate.clear !== null;
  const { clarity, hurried } = checks ? await checkClarity(work) : { clarity: null, hurried: false };
  const scene: Scene = { work, policy, direct, emitText, firstToken: () => firstToken, clarity };

  if (direct !== null && policy.fixed !== null && !("by" in policy.fixed)) {
    const decision = await streamAnswer(scene, "direct", "direct", []);
    if (decision !== null) return decision;
    throw failure(work, direct.error());
  }
  if (direct !== null && hurried) {
    const decision = await streamAnswer(scene, "prior", "answer_now", []);
    if (decision !== null) return decision;
  } else if (direct !== null && checks && judgedClear(work, clarity)) {
    const decision = await streamAnswer(scene, "clear", "clear", []);
    if (decision !== null) return decision;
    work.note("the direct answer failed, so other replies were drafted");
  }
  return lookFurther(scene);
}

/** Does a fixed policy release this draft? */
function fixes(policy: Policy, plan: { readonly id: string; readonly kind: string }): boolean {
  if (policy.fixed === null || "by" in policy.fixed) return false;
  return "kind" in policy.fixed ? plan.kind === policy.fixed.kind : plan.id === policy.fixed.candidate;
}

/** Puts what the person told later to the request that it adds to. Where that can't be had, the conversation is read as it stands. */
async function gather(work: Work): Promise<void> {
  const { turn, ports } = work;
  if (!turn.policy.gathers || ports.gather === undefined || turn.history.length < 3) return;
  const controller = work.controller();
  const { signal } = controller;
  const seed = hash(turn.seed, "call", "gather");
  const gathering = work.call(
    "gather",
    async () => (await ports.gather?.({ history: turn.history, seed, signal, priority: "foreground" })) ?? null,
  );
  const outcome = await work.wait(gathering, clarityLimit * replyTime(work), true);
  // Whoever is late is waited for no longer, and need not go on.
  if (outcome.state === "late") controller.abort();
  if (outcome.state === "failed" || outcome.state === "late") work.note("the conversation could not be gathered");
  if (outcome.state !== "done" || outcome.value === null || outcome.value.moved === 0) return;
  const { history, moved, declined } = outcome.value;
  work.readAs(history, declined);
  work.note(`${moved} later ${moved === 1 ? "message was" : "messages were"} read together with the request`);
}

async function checkClarity(work: Work): Promise<{ clarity: Clarity | null; hurried: boolean }> {
  const { turn, ports } = work;
  const controller = work.controller();
  const { signal } = controller;
  const asked = work.call("clarity", () =>
    ports.clarity({
      history: work.history(),
      seed: hash(turn.seed, "call", "clarity"),
      signal,
      priority: "foreground",
    }),
  );
  const outcome = await work.wait(asked, clarityLimit * replyTime(work), true);
  if (outcome.state === "late") controller.abort();
  if (outcome.state === "hurried") return { clarity: null, hurried: true };
  if (outcome.state !== "done") work.note("the clarity check failed");
  const clarity = outcome.state === "done" ? outcome.value : null;
  const usable = clarity !== null && clarity.clear >= 0 && clarity.clear <= 1;
  return { clarity: usable ? clarity : null, hurried: false };
}

const failure = (work: Work, cause: unknown) => new TurnFailed(work.shown(), work.cost(), cause);

/**
 * Releases the direct answer and streams it to its end. Null when it failed before anything was shown: then the turn
 * can still go another way.
 */
async function streamAnswer(
  scene: Scene,
  path: Told["path"],
  stop: StopReason,
  others: readonly Candidate[],
): Promise<Decision | null> {
  const { work, direct } = scene;
  if (direct === null) return null;
  work.emit({ type: "stage", stage: { stage: "answering", done: 0, total: 1, at: work.now() } });
  direct.release();
  let seen = -1;
  for (;;) {
    const outcome = await work.wait(direct.reply, streamLimit * replyTime(work), false);
    if (outcome.state === "late" && direct.pieces() > seen) {
      seen = direct.pieces();
      continue;
    }
    const answer = outcome.state === "done" ? outcome.value : null;
    if (answer === null) {
      direct.giveUp();
      if (work.shown()) throw failure(work, direct.error());
      return null;
    }
    const candidates = [answer, ...others.filter((candidate) => candidate.id !== answer.id)];
    return finish(scene, {
      path,
      stop,
      candidates,
      chosen: answer,
      field: null,
      belief: null,
      lookahead: null,
      release: null,
      draftedAt: null,
      decidedAt: null,
    });
  }
}

type Ending = Omit<Told, "clarity" | "threshold" | "audit" | "firstToken">;

function finish(scene: Scene, ending: Ending): Decision {
  const { work, clarity } = scene;
  const { turn } = work;
  const gated = ending.path === "clear" || (ending.path === "prior" && ending.stop === "gate");
  const record = recordOf(work, {
    ...ending,
    clarity,
    threshold: Math.max(0, clearThreshold(work)),
    audit: turn.mode === "live" && gated && uniform(turn.seed, "audit") < auditShare(turn, ending.path),
    firstToken: scene.firstToken(),
  });
  work.emit({ type: "decision", decision: decisionPartOf(record), record });
  return record;
}

async function lookFurther(scene: Scene): Promise<Decision> {
  const { work, policy, direct, emitText, clarity } = scene;
  const { turn } = work;
  const wantsTable = policy.fixed === null || "by" in policy.fixed;
  const drafted = await draftAndRead(work, direct, wantsTable);
  const { table, hurried } = drafted;
  let { candidates } = drafted;
  const draftedAt = work.now();
  if (hurried) {
    const decision = await streamAnswer(scene, "prior", "answer_now", candidates);
    if (decision !== null) return decision;
    // No answer to be had now, and nothing else is there yet: the next best that comes.
    if (candidates.length === 0) ({ candidates } = await draftAndRead(work, null, false, false));
  }
  const only = candidates[0];
  if (only === undefined) {
    direct?.giveUp();
    throw failure(work, direct?.error());
  }

  const field = makeField(work, candidates, table, clarity);
  announceReadings(work, field);
  const before = beliefOf(work, field, []).belief;
  const ending = { candidates, field, draftedAt };
  if (!wantsTable) {
    const chosen = candidates.find((candidate) => fixes(policy, candidate)) ?? only;
    return release(before, chosen, { ...ending, path: "direct", stop: "direct", lookahead: null, release: null });
  }
  if (candidates.length === 1)
    return release(before, only, { ...ending, path: "prior", stop: "single", lookahead: null, release: null });

  const reason: StopReason | null = hurried
    ? "answer_now"
    : policy.fixed !== null || (turn.mode === "live" && gateOpens(work, field, before))
      ? "gate"
      : null;
  if (reason !== null) {
    const chosen = candidates[policy.fixed === null ? before.leader : leaderOf(work, field, before)] ?? only;
    return release(before, chosen, { ...ending, path: "prior", stop: reason, lookahead: null, release: null });
  }

  const lookahead = await lookAhead(work, field);
  const { belief } = lookahead;
  const tried = lookahead.played.some((cell) => cell.state === "done");
  const winner = winnerOf(policy, belief, field);
  const released = explore(policy, belief, winner, tried && turn.mode === "live", turn.seed);
  const stop =
    lookahead.rounds === 0 && (lookahead.stop === "regret" || lookahead.stop === "value") ? "gate" : lookahead.stop;
  return release(belief, candidates[released.chosen] ?? only, {
    ...ending,
    path: tried ? "lookahead" : "prior",
    stop,
    lookahead,
    release: released,
  });

  function release(belief: Belief, chosen: Candidate, rest: Omit<Ending, "chosen" | "belief" | "decidedAt">): Decision {
    const decidedAt = work.now();
    work.check();
    if (turn.mode === "live") {
      work.emit({ type: "stage", stage: { stage: "answering", done: 1, total: 1, at: decidedAt } });
      emitText(chosen.text);
    }
    return finish(scene, { ...rest, chosen, belief, decidedAt });
  }
}

/** The prior's leader; a policy that weighs one step of EVPI asks where that pays, and answers where it does not. */
function leaderOf(work: Work, field: Field, belief: Belief): number {
  const { policy } = work.turn;
  if (!policy.gate.evpi) return belief.leader;
  const asking = worthAsking(work, field);
  let leader = -1;
  field.candidates.forEach((candidate, index) => {
    if (asks(candidate.kind) !== asking) return;
    if (leader < 0 || (belief.mean[index] ?? 0) > (belief.mean[leader] ?? 0)) leader = index;
  });
  return leader < 0 ? belief.leader : leader;
}

function announceReadings(work: Work, field: Field): void {
  const { list, other } = field.readings;
  if (list.length === 0) return;
  const heaviest = [...list].sort((a, b) => b.share - a.share);
  work.emit({
    type: "readings",
    readings: {
      intents: heaviest
        .map(({ intent, share }) => ({
          id: intent.id,
          text: intent.label ?? intent.text,
          weight: share * (1 - other),
          other: false,
        }))
        .concat(other > 0 ? [{ id: "other", text: "something else", weight: other, other: true }] : []),
      unclear: list.length > 1 ? (heaviest[0]?.intent.label ?? heaviest[0]?.intent.text ?? null) : null,
    },
  });
}

/** Only for tests and callers that want the record alone: runs the turn to its end, events to `onEvent`. */
export async function decide(turn: Turn, ports: Ports, onEvent?: (event: TurnEvent) => void): Promise<Decision> {
  const story = deliberate(turn, ports);
  for (;;) {
    const step = await story.next();
    if (step.done) return step.value;
    onEvent?.(step.value);
  }
}

export { TurnFailed, TurnStopped };
