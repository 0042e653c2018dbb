import type { Metadata } from "../shared/events.ts";
import { type Chunk, type DataChunk, isData, textId } from "./chunk.ts";

/**
 * What a journal has come to so far. The one place where chunks become what a reader sees: the stream for a late reader,
 * the message that is stored, the page after a reload and the partial text that a reaper saves are all this fold.
 */
export type Folded = {
  messageId: string;
  metadata: Metadata;
  /** Data parts in the order of their first appearance, each with its last word. */
  data: Map<string, DataChunk>;
  text: string;
  /** none: no text so far · open: more may come · closed. */
  textState: "none" | "open" | "closed";
  finish: Extract<Chunk, { type: "finish" }> | null;
};

export function emptyFold(): Folded {
  return { messageId: "", metadata: {}, data: new Map(), text: "", textState: "none", finish: null };
}

export const copyOf = (folded: Folded): Folded => ({
  ...folded,
  metadata: { ...folded.metadata },
  data: new Map(folded.data),
});

/** Adds one chunk, in place: a journal is folded once, from its first event on. */
export function addTo(folded: Folded, chunk: Chunk): Folded {
  if (isData(chunk)) {
    folded.data.set(`${chunk.type} ${chunk.id ?? ""}`, chunk);
    return folded;
  }
  switch (chunk.type) {
    case "start":
      folded.messageId = chunk.messageId ?? folded.messageId;
      Object.assign(folded.metadata, chunk.messageMetadata);
      break;
    case "text-start":
      folded.textState = "open";
      break;
    case "text-delta":
      folded.text += chunk.delta;
      break;
    case "text-end":
      folded.textState = "closed";
      break;
    case "finish":
      folded.finish = chunk;
      Object.assign(folded.metadata, chunk.messageMetadata);
      break;
  }
  return folded;
}

export function fold(chunks: Iterable<Chunk>): Folded {
  const folded = emptyFold();
  for (const chunk of chunks) addTo(folded, chunk);
  return folded;
}

/** The shortest stream that brings a new reader to this point: `start`, data parts, the text so far in one piece. */
export function replay(folded: Folded): Chunk[] {
  const { messageId, metadata, data, text, textState, finish } = folded;
  const chunks: Chunk[] = [{ type: "start", messageId, messageMetadata: metadata }, ...data.values()];
  if (textState !== "none") chunks.push({ type: "text-start", id: textId });
  if (text !== "") chunks.push({ type: "text-delta", id: textId, delta: text });
  if (textState === "closed") chunks.push({ type: "text-end", id: textId });
  if (finish) chunks.push(finish);
  return chunks;
}

/** Progress is of interest while it is made; what stays of a reply that has ended is the rest. */
const passing = new Set(["data-stage", "data-candidate", "data-cell"]);

/** The message's parts as the AI SDK's UI message has them. */
export function partsOf(folded: Folded): { type: string; [field: string]: unknown }[] {
  const ended = folded.finish !== null;
  const data = [...folded.data.values()].filter((chunk) => !ended || !passing.has(chunk.type));
  const parts: { type: string; [field: string]: unknown }[] = data.map(({ type, id, data }) => ({ type, id, data }));
  if (folded.textState !== "none")
    parts.push({ type: "text", text: folded.text, state: folded.textState === "open" ? "streaming" : "done" });
  return parts;
}
