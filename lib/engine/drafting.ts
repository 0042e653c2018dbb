import { asks } from "../shared/kinds.ts";
import { allowedDrafts, asksAgain, beginDrafts, type Direct, distinct } from "./candidates.ts";
import { replyTime } from "./lookahead.ts";
import type { Candidate, Table } from "./ports.ts";
import { hash } from "./rng.ts";
import { tidied } from "./tidy.ts";
import type { Work } from "./work.ts";

export interface Drafted {
  readonly candidates: readonly Candidate[];
  readonly table: Table | null;
  /** The person wanted the answer before drafting had ended. */
  readonly hurried: boolean;
}

/** Longest wait for drafts, and for the table once the drafts are there, in L. */
const draftLimit = 4;
/** When none has come by then, so much longer for the first: slow is not failed. A port that never answers ends here. */
const firstDraftLimit = 12;
const tableLimit = 4;
/** A question that the readings need with less than this weight is none. */
const needed = 0.05;

/**
 * Drafts every candidate at once and has the table made meanwhile. `direct` null: a policy without the direct answer.
 * Rejects with TurnStopped alone.
 * @param hurries false: the person's hurry cannot be met by what is there, so drafting goes on
 */
export async function draftAndRead(
  work: Work,
  direct: Direct | null,
  wantsTable: boolean,
  hurries = true,
): Promise<Drafted> {
  const { turn, ports } = work;
  const controller = work.controller();
  const arrived: Candidate[] = [];
  let settled = 0;
  let total = 0;
  let somethingToSay = () => {};
  const first = new Promise<void>((resolve) => {
    somethingToSay = resolve;
  });
  const isNew = (candidate: Candidate) => !asksAgain(candidate, turn.history);
  const arrive = (id: string, kind: Candidate["kind"], candidate: Candidate | null) => {
    settled += 1;
    if (candidate !== null) {
      arrived.push(candidate);
      if (isNew(candidate)) somethingToSay();
    } else work.note(`the ${kind} draft failed`);
    work.emit({ type: "candidate", candidate: { id, kind, state: candidate === null ? "failed" : "drafted" } });
    work.emit({ type: "stage", stage: { stage: "drafting", done: settled, total, at: work.now() } });
  };

  let open = true;
  const pending: Promise<unknown>[] = [];
  if (direct !== null) {
    total += 1;
    work.emit({ type: "candidate", candidate: { id: "answer", kind: "answer", state: "drafting" } });
    pending.push(direct.reply.then((candidate) => open && arrive("answer", "answer", candidate)));
  }
  const drafts = beginDrafts(work, controller.signal, (plan, candidate) => {
    if (open) arrive(plan.id, plan.kind, candidate);
  });
  total += drafts.length;
  for (const plan of allowedDrafts(work))
    work.emit({ type: "candidate", candidate: { id: plan.id, kind: plan.kind, state: "drafting" } });
  work.emit({ type: "stage", stage: { stage: "drafting", done: settled, total, at: work.now() } });

  let giveDrafts: (candidates: readonly Candidate[]) => void = () => {};
  const forTable = new Promise<readonly Candidate[]>((resolve) => {
    giveDrafts = resolve;
  });
  const tabling = wantsTable
    ? work.call("table", () =>
        ports.table({
          history: work.history(),
          drafts: forTable,
          seed: hash(turn.seed, "call", "table"),
          signal: controller.signal,
          priority: "foreground",
        }),
      )
    : null;
  tabling?.catch(() => {});

  const all: Promise<unknown> = Promise.all([...pending, ...drafts]);
  let waited = await work.wait(all, draftLimit * replyTime(work), hurries);
  if (waited.state === "late" && !arrived.some(isNew)) {
    work.note("the model is slow: the first draft is taken");
    waited = await work.wait(Promise.race([first, all]), firstDraftLimit * replyTime(work), hurries);
  }
  open = false;
  if (waited.state !== "hurried" && settled < total) work.note("a draft came too late");
  const candidates = weed(work, arrived);
  giveDrafts(candidates);
  if (waited.state === "hurried") {
    controller.abort();
    return { candidates, table: null, hurried: true };
  }
  if (tabling === null || candidates.length < 2) {
    controller.abort();
    return { candidates, table: null, hurried: false };
  }
  work.emit({ type: "stage", stage: { stage: "weighing", done: 0, total: 1, at: work.now() } });
  const read = await work.wait(tabling, tableLimit * replyTime(work), true);
  controller.abort();
  if (read.state !== "done") {
    if (read.state !== "hurried") work.note("no readings: the table failed");
    return { candidates, table: null, hurried: read.state === "hurried" };
  }
  const table = tidied(read.value, candidates);
  return { candidates: dropNeedless(work, candidates, table), table, hurried: false };
}

function drop(work: Work, candidate: Candidate, why: string): void {
  work.note(`${candidate.id} was left out: ${why}`);
  work.emit({ type: "candidate", candidate: { id: candidate.id, kind: candidate.kind, state: "dropped" } });
}

/** Merges near-duplicates and leaves out a question that the conversation has put before, unless nothing else is there. */
function weed(work: Work, arrived: readonly Candidate[]): Candidate[] {
  const { kept, merged } = distinct(arrived);
  for (const candidate of merged) drop(work, candidate, "the same as another");
  const again = kept.filter((candidate) => asksAgain(candidate, work.turn.history));
  if (again.length === kept.length) return kept;
  for (const candidate of again) drop(work, candidate, "this was asked before");
  return kept.filter((candidate) => !again.includes(candidate));
}

/** Leaves out questions that no reading needs: what they ask for has been told. One candidate stays in any case. */
function dropNeedless(work: Work, candidates: readonly Candidate[], table: Table): Candidate[] {
  const total = table.intents.reduce((sum, intent) => sum + Math.max(0, intent.weight), 0);
  const needless = candidates.filter((candidate) => {
    if (!asks(candidate.kind)) return false;
    const cells = table.rows.find((row) => row.candidate === candidate.id)?.cells;
    if (cells === undefined || total <= 0) return false;
    const questions = table.intents.reduce(
      (sum, intent, column) => sum + (Math.max(0, intent.weight) / total) * (cells[column]?.questions ?? 1),
      0,
    );
    return questions < needed;
  });
  if (needless.length === candidates.length) return [...candidates];
  for (const candidate of needless) drop(work, candidate, "nothing left to ask");
  return candidates.filter((candidate) => !needless.includes(candidate));
}
