import { stat } from "node:fs/promises";
import { ModelUnavailable } from "./llama.ts";
import type { ModelShape } from "./memory.ts";

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const number = (value: unknown, fallback: number): number =>
  typeof value === "number" || typeof value === "bigint" ? Number(value) : fallback;

/** Reads from the file's header what the model will need, without loading it. */
export async function readShape(path: string): Promise<ModelShape> {
  const { readGgufFileInfo } = await import("node-llama-cpp");
  let metadata: Fields;
  let fileBytes: number;
  try {
    fileBytes = (await stat(path)).size;
    const info = await readGgufFileInfo(path, { readTensorInfo: false, sourceType: "filesystem", logWarnings: false });
    metadata = info.metadata as unknown as Fields;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ModelUnavailable(`${path} cannot be read as a GGUF model file (${why}).`, { cause });
  }
  const general = isFields(metadata.general) ? metadata.general : {};
  const own = metadata[String(general.architecture)];
  const shape = isFields(own) ? own : {};
  const attention = isFields(shape.attention) ? shape.attention : {};
  const tokenizer = isFields(metadata.tokenizer) ? metadata.tokenizer : {};
  const ggml = isFields(tokenizer.ggml) ? tokenizer.ggml : {};
  const heads = number(attention.head_count, 32);
  const keyValueHeads = number(attention.head_count_kv, heads);
  const headWidth = number(shape.embedding_length, 4_096) / heads;
  const width = number(attention.key_length, headWidth) + number(attention.value_length, headWidth);
  return {
    fileBytes,
    stateBytesPerToken: number(shape.block_count, 32) * keyValueHeads * width * 2,
    trainedTokens: number(shape.context_length, 4_096),
    vocabulary: Array.isArray(ggml.tokens) ? ggml.tokens.length : 32_000,
  };
}
