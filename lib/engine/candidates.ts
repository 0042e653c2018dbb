import { asks, type Kind } from "../shared/kinds.ts";
import { handsBack, normalise, questionsIn, sameQuestion, wordOverlap, words } from "../shared/text.ts";
import type { DraftPlan } from "./policy.ts";
import type { Candidate, History, Reply } from "./ports.ts";
import { fullLength } from "./reward.ts";
import { hash } from "./rng.ts";
import type { Turn } from "./turn.ts";
import type { Work } from "./work.ts";

/** Word overlap from which two replies are one candidate. */
const sameReply = 0.95;

/** The direct reply: streamed into a buffer that nobody sees until it is released. */
export interface Direct {
  /** Null where the port failed; `error` then says why. */
  readonly reply: Promise<Candidate | null>;
  readonly error: () => unknown;
  /** Releases what is buffered and everything that follows as it comes. */
  release(): void;
  /** Waits for it no longer: whatever it still says is not heard. Where it has not failed by itself, it failed by being late. */
  giveUp(): void;
  /** Pieces received so far: a stream that grows is alive. */
  readonly pieces: () => number;
}

function candidateOf(turn: Turn, id: string, kind: Kind, reply: Reply): Candidate {
  if (reply.text.trim() === "") throw new Error(`an empty reply as ${id}`);
  const { text, finished } = reply;
  return { id, kind, text, tokens: fullLength({ tokens: lengthOf(reply), finished }, turn.lengths[kind]), finished };
}

/** A length that is no number of tokens is told from the words: four tokens to three of them. */
function lengthOf({ tokens, text }: Reply): number {
  return Number.isFinite(tokens) && tokens >= 0 ? tokens : Math.ceil((4 * Math.max(1, words(text).length)) / 3);
}

/** A port's own clocks may be longer than our patience; then nobody else says why there is no reply. The word is theirs. */
const tooLate = () => Object.assign(new Error("the model did not answer in time"), { code: "model_timeout" });

/** Starts the direct answer. `emitText` is called with released pieces only. */
export function beginAnswer(work: Work, emitText: (piece: string) => void): Direct {
  const { turn, ports } = work;
  const controller = work.controller();
  const { signal } = controller;
  let buffer = "";
  let pieces = 0;
  let released = false;
  let failure: unknown = null;
  const onText = (piece: string) => {
    if (signal.aborted || piece === "") return;
    pieces += 1;
    buffer += piece;
    if (released) emitText(piece);
  };
  const reply = work
    .call("answer", () =>
      ports.answer({
        history: work.history(),
        onText,
        seed: hash(turn.seed, "call", "answer"),
        signal,
        priority: "foreground",
      }),
    )
    .then((answered) => {
      if (signal.aborted) return null;
      // A port may give the text whole, or its last piece with the reply only.
      if (answered.text.startsWith(buffer)) onText(answered.text.slice(buffer.length));
      return candidateOf(turn, "answer", "answer", answered);
    })
    .catch((error: unknown) => {
      failure ??= error;
      return null;
    });
  return {
    reply,
    error: () => failure,
    release() {
      if (released) return;
      released = true;
      if (buffer !== "") emitText(buffer);
    },
    giveUp() {
      failure ??= tooLate();
      controller.abort();
    },
    pieces: () => pieces,
  };
}

/** Tokens of the first candidate of a kind; undefined where there is none. */
export const lengthOfKind = (candidates: readonly Candidate[], kind: Candidate["kind"]): number | undefined =>
  candidates.find((candidate) => candidate.kind === kind)?.tokens;

/**
 * Which drafts this turn may have: none that asks where the person said never or has just declined to answer, or the question
 * budget is spent.
 */
export function allowedDrafts({ turn, declined }: Pick<Work, "turn" | "declined">): readonly DraftPlan[] {
  if (turn.asking !== "never" && turn.questionBudget > 0 && !declined()) return turn.policy.drafts;
  return turn.policy.drafts.filter((draft) => !asks(draft.kind));
}

/** Starts every allowed draft, all at once. `onSettled` reports each with its candidate, or null where it failed. */
export function beginDrafts(
  work: Work,
  signal: AbortSignal,
  onSettled: (plan: DraftPlan, candidate: Candidate | null) => void,
): Promise<Candidate | null>[] {
  const { turn, ports } = work;
  const counts = new Map<Kind, number>();
  return allowedDrafts(work).map(async (plan) => {
    const index = (counts.get(plan.kind) ?? 0) + 1;
    counts.set(plan.kind, index);
    const candidate = await work
      .call(`draft_${plan.kind}`, () =>
        ports.draft({
          history: work.history(),
          id: plan.id,
          kind: plan.kind,
          index,
          seed: hash(turn.seed, "call", "draft", plan.id),
          signal,
          priority: "foreground",
        }),
      )
      .then((reply) => candidateOf(turn, plan.id, plan.kind, reply))
      .catch(() => null);
    if (!signal.aborted) onSettled(plan, candidate);
    return candidate;
  });
}

/** Fixed places, so that the order of drafting or of arrival never decides anything. */
const places: Readonly<Record<Kind, number>> = { answer: 0, assume: 1, ask: 2, hybrid: 3 };

/** Sorts by kind, then id, and merges near-duplicates into the first of them. */
export function distinct(candidates: readonly Candidate[]): { kept: Candidate[]; merged: Candidate[] } {
  const sorted = [...candidates].sort((a, b) => places[a.kind] - places[b.kind] || (a.id < b.id ? -1 : 1));
  const kept: Candidate[] = [];
  const merged: Candidate[] = [];
  for (const candidate of sorted) {
    const twin = kept.some(
      (other) =>
        normalise(other.text) === normalise(candidate.text) || wordOverlap(other.text, candidate.text) > sameReply,
    );
    (twin ? merged : kept).push(candidate);
  }
  return { kept, merged };
}

/**
 * Does this candidate put a question that the conversation has already put? Ours the user has answered, or would not; their own
 * is what they want answered (small models hand it back).
 */
export function asksAgain(candidate: Candidate, history: History): boolean {
  if (!asks(candidate.kind)) return false;
  const before = history.flatMap((message) => questionsIn(message.text));
  if (before.length === 0) return false;
  return questionsIn(candidate.text).some(
    (question) => before.some((earlier) => sameQuestion(earlier, question)) || handsBack(question, history),
  );
}
