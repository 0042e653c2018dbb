import type { CandidatePart, Cell, DecisionPart, ErrorPart, Readings, RunPart, Stage } from "@/lib/shared/events.ts";
import type { RunState } from "@/lib/shared/kinds.ts";
import { type ParleyMessage, textOf } from "./message.ts";

/** A reply as it is drawn: the last word of each of its parts, and in which of four phases it is. */
export type ReplyView = {
  id: string | null;
  runId: string | null;
  run: RunPart | null;
  stage: Stage | null;
  readings: Readings | null;
  candidates: CandidatePart[];
  cells: Cell[];
  decision: DecisionPart | null;
  error: ErrorPart | null;
  text: string;
  state: RunState;
  /** reading: one quiet line · looking: the strip · writing: text arrives · done: nothing more comes. */
  phase: "reading" | "looking" | "writing" | "done";
};

/** @param live does this message's run still stream to this page? */
export function foldReply(message: ParleyMessage | null, live: boolean): ReplyView {
  const view: ReplyView = {
    id: message?.id ?? null,
    runId: message?.metadata?.runId ?? null,
    run: null,
    stage: null,
    readings: null,
    candidates: [],
    cells: [],
    decision: null,
    error: null,
    text: message === null ? "" : textOf(message),
    state: message?.metadata?.state ?? (live ? "running" : "done"),
    phase: "done",
  };
  const candidates = new Map<string, CandidatePart>();
  const cells = new Map<string, Cell>();
  for (const part of message?.parts ?? []) {
    if (part.type === "data-run") view.run = part.data;
    else if (part.type === "data-stage") view.stage = part.data;
    else if (part.type === "data-readings") view.readings = part.data;
    else if (part.type === "data-candidate") candidates.set(part.data.id, part.data);
    else if (part.type === "data-cell") {
      cells.set(`${part.data.block}:${part.data.candidateId}:${part.data.index}`, part.data);
    } else if (part.type === "data-decision") view.decision = part.data;
    else if (part.type === "data-error") view.error = part.data;
  }
  view.candidates = [...candidates.values()];
  view.cells = [...cells.values()];
  view.runId ??= view.run?.runId ?? null;
  if (!live && view.error !== null && view.state === "done") view.state = stateOf(view.error);
  view.phase = phaseOf(view, live);
  return view;
}

function stateOf(error: ErrorPart): RunState {
  if (error.code === "stopped") return "stopped";
  if (error.code === "interrupted") return "interrupted";
  return "failed";
}

function phaseOf(view: ReplyView, live: boolean): ReplyView["phase"] {
  if (!live) return "done";
  // An error ends a turn even while the last chunk is still on its way.
  if (view.error !== null) return "done";
  if (view.text !== "" || view.stage?.stage === "answering") return "writing";
  return view.stage === null || view.stage.stage === "reading" ? "reading" : "looking";
}

/** The strip's first line: every number is the journal's. */
export function stageWords(stage: Stage | null): string {
  if (stage === null || stage.stage === "reading") return "Reading your request";
  const count = stage.total > 0 ? ` ${Math.min(stage.done, stage.total)} of ${stage.total}` : "";
  if (stage.stage === "drafting") return count === "" ? "Drafting replies" : `Drafting replies,${count}`;
  if (stage.stage === "weighing") return count === "" ? "Weighing what you might mean" : `Weighing readings,${count}`;
  if (stage.stage === "trying") return count === "" ? "Trying follow-ups" : `Trying follow-ups,${count}`;
  return "Answering";
}

/** A turn that failed, by what came of it. */
export const failedWords = ({ text }: Pick<ReplyView, "text">): string =>
  text === "" ? "No reply this time" : "This reply broke off";
