import type { UIMessageChunk } from "ai";
import type { TurnEvent } from "../engine/index.ts";
import type { DataParts, ErrorPart, Metadata, RunPart } from "../shared/events.ts";
import type { RunState } from "../shared/kinds.ts";

/** One event of the journal: a chunk of the AI SDK's UI message stream, with our data parts. */
export type Chunk = UIMessageChunk<Metadata, DataParts>;
export type DataChunk = Extract<Chunk, { type: `data-${string}` }>;

export const isData = (chunk: Chunk): chunk is DataChunk => chunk.type.startsWith("data-");

/** A reply has one text part; its id only has to be the same for every reader. */
export const textId = "text";

/** How a journal opens: the reply's id, and whose turn it is. */
export function opening(messageId: string, run: RunPart, parentId: string): [Chunk, Chunk] {
  const messageMetadata = { runId: run.runId, state: "running" as const, createdAt: run.startedAt, parentId };
  return [
    { type: "start", messageId, messageMetadata },
    { type: "data-run", id: "run", data: run },
  ];
}

/** How a journal ends: what went wrong, if anything did, and the run's last state. Nothing may follow. */
export function ending(state: Exclude<RunState, "running">, error: ErrorPart | null, textIsOpen: boolean): Chunk[] {
  return [
    ...(textIsOpen ? [{ type: "text-end" as const, id: textId }] : []),
    ...(error ? [{ type: "data-error" as const, id: "error", data: error }] : []),
    { type: "finish", finishReason: state === "done" ? "stop" : "other", messageMetadata: { state } },
  ];
}

/** What the engine says as a chunk; text is the journal's own business, because it is gathered first. */
export function chunkOf(event: Exclude<TurnEvent, { type: "text" }>): Chunk {
  switch (event.type) {
    case "stage":
      return { type: "data-stage", id: "stage", data: event.stage };
    case "readings":
      return { type: "data-readings", id: "readings", data: event.readings };
    case "candidate":
      return { type: "data-candidate", id: event.candidate.id, data: event.candidate };
    case "cell": {
      const { block, candidateId, index } = event.cell;
      return { type: "data-cell", id: `${block}:${candidateId}:${index}`, data: event.cell };
    }
    case "decision":
      return { type: "data-decision", id: "decision", data: event.decision };
  }
}
