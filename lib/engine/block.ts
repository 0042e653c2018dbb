import type { Cell } from "../shared/events.ts";
import type { Field } from "./field.ts";
import { atOnce, type BlockPlan } from "./plan.ts";
import { type Future, Leak, type Meeting, meeting, playFuture } from "./rollout.ts";
import type { Work } from "./work.ts";

/** One cell as it ended. */
export interface Played {
  readonly candidate: number;
  readonly k: number;
  readonly intentId: string;
  readonly column: number;
  /** Round it was played in and place among the round's intent draws, as the page shows it. */
  readonly round: number;
  readonly index: number;
  readonly state: "done" | "failed" | "dropped";
  readonly reason: string | null;
  readonly future: Future | null;
  readonly ms: number;
}

export interface BlockOutcome {
  readonly played: readonly Played[];
  /** Why it was cut short, or null when every cell came to an end of its own. */
  readonly cut: "hurried" | "late" | null;
}

interface Running {
  readonly candidate: number;
  readonly index: number;
  readonly meeting: Meeting;
  readonly row: RowState;
  state: "waiting" | "running" | "done" | "failed" | "dropped";
  reason: string | null;
  future: Future | null;
  began: number;
  ms: number;
  /** It no longer holds a place among the calls at once. */
  released: boolean;
}

interface RowState {
  readonly controller: AbortController;
  readonly cells: Running[];
  dropped: boolean;
}

/** Conversations that must have ended before another can be called slow. */
const paceFrom = 3;
const slowFactor = 2;
/** Milliseconds in which nothing is slow: a clock that stands still would make everything so. */
const neverSlow = 20;

/**
 * Plays a block: every candidate of the plan meets the next intents. Each cell is its own chain, no barrier between cells.
 * A leak or a cell slower than twice the median drops the whole row, never the cell alone (slow means long means
 * penalised); a port that fails takes only its own cell, as failing tells nothing about the reward.
 * @param firstDraw number of the block's first intent draw over the whole turn
 * @param limit ms until the hard deadline
 */
export async function playBlock(
  work: Work,
  field: Field,
  plan: BlockPlan,
  round: number,
  firstDraw: (candidate: number) => number,
  limit: number,
): Promise<BlockOutcome> {
  const rows = layOut(work, field, plan, firstDraw);
  const cells = rows.flatMap((row) => row.cells);
  const timed = Number.isFinite(limit);
  const paces: number[] = [];
  let finished = 0;
  let cursor = 0;
  let closed = false;
  let wake: () => void = () => {};
  const allEnded = new Promise<void>((resolve) => {
    wake = resolve;
  });

  const show = (cell: Running) =>
    work.emit({
      type: "cell",
      cell: {
        block: round,
        candidateId: field.candidates[cell.candidate]?.id ?? "",
        intentId: cell.meeting.reading.intent.id,
        index: cell.index,
        state: cell.state satisfies Cell["state"],
      },
    });
  const stage = () =>
    work.emit({
      type: "stage",
      stage: { stage: "trying", done: finished, total: cells.length, block: round, at: work.now() },
    });

  const drop = (row: RowState, reason: string) => {
    if (row.dropped) return;
    row.dropped = true;
    row.controller.abort();
    const held = row.cells.filter((cell) => cell.state === "running");
    for (const cell of row.cells) end(cell, "dropped", cell.reason ?? reason);
    // A port that never answers must not keep its place.
    for (const cell of held) release(cell);
  };

  function release(cell: Running): void {
    if (cell.released) return;
    cell.released = true;
    next();
  }

  /** A cell ends once, except that a row's drop overrules what its cells had shown. */
  function end(cell: Running, state: "done" | "failed" | "dropped", reason: string | null): void {
    const ended = cell.state !== "waiting" && cell.state !== "running";
    if (ended && state !== "dropped") return;
    if (cell.state === "running") cell.ms = work.now() - cell.began;
    cell.state = state;
    cell.reason = reason;
    show(cell);
    if (ended) return;
    finished += 1;
    stage();
    if (finished === cells.length) wake();
  }

  async function run(cell: Running): Promise<void> {
    cell.state = "running";
    cell.began = work.now();
    show(cell);
    watch(cell);
    try {
      const future = await playFuture(work, field, cell.candidate, cell.meeting, {
        signal: cell.row.controller.signal,
        maxTokens: plan.maxTokens,
      });
      // What a port says after its row was dropped is not heard.
      if (!cell.row.dropped) {
        cell.future = future;
        end(cell, "done", null);
        if (future.calls > 1) paces.push(cell.ms);
        for (const other of cells) watch(other);
      }
    } catch (error) {
      if (error instanceof Leak) drop(cell.row, "leak");
      else end(cell, "failed", error instanceof Error ? error.message : String(error));
    }
    release(cell);
  }

  /**
   * Twice the median of the cells that ended; null while too few have. Only cells in which the user spoke count: next to
   * one call where the user is content at once, every conversation would look slow.
   */
  function slowFrom(): number | null {
    if (paces.length < paceFrom || finished < cells.length / 2) return null;
    const sorted = [...paces].sort((a, b) => a - b);
    return Math.max(slowFactor * (sorted[Math.floor(sorted.length / 2)] ?? 0), neverSlow);
  }

  /** A cell that is still running when it counts as slow loses its row. */
  function watch(cell: Running): void {
    // Stopped, but its port has not broken off yet: a sleep would end at once, again and again, and let nothing else happen.
    if (cell.row.controller.signal.aborted) return;
    const allowed = timed ? slowFrom() : null;
    if (allowed === null || cell.state !== "running") return;
    const rest = allowed - (work.now() - cell.began);
    if (rest <= 0) drop(cell.row, "slow");
    else void work.ports.clock.sleep(rest, cell.row.controller.signal).then(() => watch(cell));
  }

  function next(): void {
    while (!closed && cursor < cells.length) {
      const cell = cells[cursor];
      cursor += 1;
      if (cell === undefined || cell.state !== "waiting") continue;
      void run(cell);
      return;
    }
  }

  for (const cell of cells) show(cell);
  stage();
  for (let slot = 0; slot < atOnce(work.turn.speeds); slot += 1) next();
  // However the wait ends, and be it by stopping, no cell that was waiting may start.
  const outcome = await work.wait(allEnded, limit, true).finally(() => {
    closed = true;
  });
  const cut = outcome.state === "hurried" || outcome.state === "late" ? outcome.state : null;
  // A row that the clock or the person cut short would hold its fast cells only: it goes as a whole.
  for (const row of rows)
    if (row.cells.some((cell) => cell.state === "waiting" || cell.state === "running")) drop(row, cut ?? "cut");

  return {
    cut,
    played: cells.map((cell) => ({
      candidate: cell.candidate,
      k: cell.meeting.k,
      intentId: cell.meeting.reading.intent.id,
      column: cell.meeting.reading.column,
      round,
      index: cell.index,
      state: cell.state === "done" || cell.state === "failed" ? cell.state : "dropped",
      reason: cell.reason,
      future: cell.future,
      ms: cell.ms,
    })),
  };
}

/** Rows in the order of intents: the first intent's cells start first, so that a cut leaves whole rows. */
function layOut(work: Work, field: Field, plan: BlockPlan, firstDraw: (candidate: number) => number): RowState[] {
  const rows: RowState[] = [];
  for (let index = 0; index < plan.intents; index += 1) {
    const groups = work.turn.policy.paired
      ? [plan.candidates]
      : plan.candidates.map((candidate) => [candidate] as readonly number[]);
    for (const group of groups) {
      const row: RowState = { controller: work.controller(), cells: [], dropped: false };
      let shared: Meeting | null = null;
      for (const candidate of group) {
        const owner = work.turn.policy.paired ? null : (field.candidates[candidate]?.id ?? "");
        const k = firstDraw(candidate) + index;
        if (shared === null || shared.k !== k) shared = meeting(work, field, k, owner);
        row.cells.push({
          candidate,
          index,
          meeting: shared,
          row,
          state: "waiting",
          reason: null,
          future: null,
          began: 0,
          ms: 0,
          released: false,
        });
      }
      rows.push(row);
    }
  }
  return rows;
}
