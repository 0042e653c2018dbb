import type { UIMessageChunk } from "ai";
import type { DataParts, Metadata } from "@/lib/shared/events.ts";

export type Chunk = UIMessageChunk<Metadata, DataParts>;

/** Chunks of an AI-SDK UI message stream (`data: {json}` events, ended by `data: [DONE]`). A line that is no JSON is skipped. */
export async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Chunk> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!line.startsWith("data:")) continue;
        const data = line.slice(5).trim();
        if (data === "[DONE]") continue;
        const chunk = parse(data);
        if (chunk !== null) yield chunk;
      }
    }
  } finally {
    // Leaving early must close the connection, or the server keeps a reader for nobody.
    await reader.cancel().catch(() => undefined);
  }
}

function parse(data: string): Chunk | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && "type" in value ? (value as Chunk) : null;
  } catch {
    return null;
  }
}
