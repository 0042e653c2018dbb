import { setTimeout as delay } from "node:timers/promises";
import { TurnStopped } from "../engine/index.ts";
import { describeError } from "../shared/describe-error.ts";
import type { ErrorPart } from "../shared/events.ts";
import type { RunState } from "../shared/kinds.ts";
import type { Decision } from "../shared/record.ts";
import { listTexts } from "../store/messages.ts";
import type { UsageRow } from "../store/usage.ts";
import { auditTurn } from "./audit.ts";
import { chunkOf } from "./chunk.ts";
import { closeRun } from "./close.ts";
import type { TurnDependencies } from "./deliberator.ts";
import { errorPart, errorPartOf } from "./failure.ts";
import { branchTo, historyOf, questionBudgetOf } from "./history.ts";
import { type Journal, openJournal } from "./journal.ts";
import { hold } from "./live.ts";
import { openingOf, type StartedRun } from "./open.ts";

type Outcome = { state: Exclude<RunState, "running">; error: ErrorPart | null };

/** After a stop the engine settles within a step; should a port hang, the person does not wait for it. */
const stopGraceMs = 800;

/** Thinks one turn through, from its first event to its closing transaction. Never rejects: whatever happens ends in the journal. */
export async function execute(deps: TurnDependencies, run: StartedRun, systemPrompt: string): Promise<void> {
  const held = hold(run.id);
  const { lost } = held;
  const journal = openJournal(run.id, openingOf(run), (why) => {
    deps.log.error({ run: run.id, why: describeError(why) }, "journal lost");
    lost.abort();
  });
  const usage: UsageRow[] = [];
  const result: { record: Decision | null } = { record: null };
  const stop = AbortSignal.any([held.stop.signal, lost.signal, held.leaving.signal]);
  try {
    const ended = await Promise.race([
      think({ deps, run, systemPrompt, journal, usage, result, stop, answerNow: held.answerNow.signal }),
      afterStop(stop),
    ]);
    const left = held.leaving.signal.aborted && ended.state === "stopped" && !held.stop.signal.aborted;
    const outcome = left ? interrupted : ended;
    const { seq, rest, folded } = await journal.end();
    if (lost.signal.aborted) return;
    const written = await closeWithRetry({ run, ...outcome, seq, rest, folded, record: result.record, usage });
    const ms = Date.now() - run.startedAt.getTime();
    const { path, stopReason } = result.record ?? { path: null, stopReason: null };
    deps.log.info(
      {
        run: run.id,
        state: outcome.state,
        error: outcome.error?.code,
        calls: usage.length,
        ms,
        path,
        stopReason,
        written,
      },
      "turn ended",
    );
    if (written && result.record?.audit) void auditTurn(deps, run, systemPrompt);
  } catch (error) {
    // The database is gone; the heart stops beating with `release`, and the reaper closes the run from its journal.
    deps.log.error({ run: run.id, error: describeError(error) }, "turn could not be closed");
  } finally {
    held.release();
  }
}

type Thinking = {
  deps: TurnDependencies;
  run: StartedRun;
  systemPrompt: string;
  journal: Journal;
  usage: UsageRow[];
  result: { record: Decision | null };
  stop: AbortSignal;
  answerNow: AbortSignal;
};

async function think(turn: Thinking): Promise<Outcome> {
  const { deps, run, journal, usage, result, stop, answerNow } = turn;
  try {
    const branch = branchTo(await listTexts(run.viewerId, run.conversationId), run.userMessageId);
    const { preset, asking, seed } = run;
    const events = deps.deliberate({
      history: historyOf(branch),
      questionBudget: questionBudgetOf(branch),
      systemPrompt: turn.systemPrompt,
      mode: "live",
      preset,
      asking,
      seed,
      stop,
      answerNow,
      onCall: (row) => usage.push(row),
    });
    for await (const event of events) {
      // What a port still says after the stop is not shown: a stopped reply does not grow.
      if (stop.aborted) break;
      if (event.type === "text") journal.text(event.piece);
      else journal.write(chunkOf(event));
      if (event.type === "decision") result.record = event.record;
    }
    if (stop.aborted) return stopped;
    return result.record ? { state: "done", error: null } : { state: "failed", error: errorPart("internal") };
  } catch (error) {
    if (stop.aborted || error instanceof TurnStopped) return stopped;
    const part = errorPartOf(error);
    deps.log.error({ run: run.id, code: part.code, error: describeError(error) }, "turn failed");
    return { state: "failed", error: part };
  }
}

const stopped: Outcome = { state: "stopped", error: errorPart("stopped") };
const interrupted: Outcome = { state: "interrupted", error: errorPart("interrupted") };

function afterStop(stop: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const wait = () => void delay(stopGraceMs).then(() => resolve(stopped));
    if (stop.aborted) wait();
    else stop.addEventListener("abort", wait, { once: true });
  });
}

/** The reply is made and paid for: a database that is away for a few seconds must not lose it. */
async function closeWithRetry(closing: Parameters<typeof closeRun>[0]): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await closeRun(closing);
    } catch (error) {
      if (attempt === 4) throw error;
      await delay(500 * 2 ** attempt);
    }
  }
}
