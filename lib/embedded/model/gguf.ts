import { type FileHandle, open } from "node:fs/promises";
import { ModelUnavailable } from "./llama.ts";
import type { ModelShape } from "./memory.ts";

/** Reads a file forwards in pieces. Throws where it ends too early: a header is never guessed. */
class Reader {
  private readonly handle: FileHandle;
  private buffer = Buffer.alloc(0);
  private position = 0;
  private at = 0;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  private async take(bytes: number): Promise<Buffer> {
    while (this.buffer.length - this.at < bytes) {
      const piece = Buffer.alloc(Math.max(1 << 20, bytes));
      const { bytesRead } = await this.handle.read(piece, 0, piece.length, this.position);
      if (bytesRead === 0) throw new Error("it ends in the middle of its header");
      this.position += bytesRead;
      this.buffer = Buffer.concat([this.buffer.subarray(this.at), piece.subarray(0, bytesRead)]);
      this.at = 0;
    }
    this.at += bytes;
    return this.buffer.subarray(this.at - bytes, this.at);
  }

  async u32(): Promise<number> {
    return (await this.take(4)).readUInt32LE();
  }

  async u64(): Promise<number> {
    return Number((await this.take(8)).readBigUInt64LE());
  }

  async text(): Promise<string> {
    const length = await this.u64();
    if (length > 16e6) throw new Error("a text in its header is too long");
    return (await this.take(length)).toString("utf8");
  }

  /** A number where it is one; of arrays only the length, unless they hold a few numbers. */
  async value(type: number): Promise<unknown> {
    if (type === 8) return this.text();
    if (type === 9) return this.array();
    const width = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8][type];
    if (!width) throw new Error(`its header holds an unknown type ${type}`);
    const bytes = await this.take(width);
    if (type === 6) return bytes.readFloatLE();
    if (type === 12) return bytes.readDoubleLE();
    return bytes.readUIntLE(0, Math.min(width, 6));
  }

  private async array(): Promise<unknown> {
    const type = await this.u32();
    const length = await this.u64();
    if (length > 10e6) throw new Error("a list in its header is too long");
    const few: unknown[] = [];
    for (let index = 0; index < length; index++) {
      const value = await this.value(type);
      if (typeof value === "number" && few.length < 512) few.push(value);
    }
    return { length, few };
  }
}

async function readHeader(path: string): Promise<{ fields: Map<string, unknown>; fileBytes: number }> {
  const handle = await open(path);
  try {
    const reader = new Reader(handle);
    if ((await reader.u32()) !== 0x46554747) throw new Error("it does not begin with GGUF");
    const version = await reader.u32();
    if (version < 2 || version > 3) throw new Error(`its version is ${version}`);
    await reader.u64();
    const count = await reader.u64();
    if (count > 100_000) throw new Error("its header has too many fields");
    const fields = new Map<string, unknown>();
    for (let index = 0; index < count; index++) {
      const key = await reader.text();
      fields.set(key, await reader.value(await reader.u32()));
    }
    return { fields, fileBytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

/**
 * Reads from the file's header what the model will need, without loading it.
 * @throws ModelUnavailable where the file is no GGUF model.
 */
export async function readShape(path: string): Promise<ModelShape> {
  let header: Awaited<ReturnType<typeof readHeader>>;
  try {
    header = await readHeader(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ModelUnavailable(`${path} cannot be read as a GGUF model file: ${why}.`, { cause });
  }
  const { fields, fileBytes } = header;
  const architecture = String(fields.get("general.architecture"));
  const number = (key: string, fallback: number): number => {
    const value = fields.get(`${architecture}.${key}`);
    if (typeof value === "number") return value;
    // One number a layer: the largest is on the safe side.
    const few = typeof value === "object" && value !== null && "few" in value ? (value.few as number[]) : [];
    return few.length > 0 ? Math.max(...few) : fallback;
  };
  const tokens = fields.get("tokenizer.ggml.tokens");
  const heads = number("attention.head_count", 32);
  const headWidth = number("embedding_length", 4_096) / heads;
  const width = number("attention.key_length", headWidth) + number("attention.value_length", headWidth);
  return {
    fileBytes,
    stateBytesPerToken: number("block_count", 32) * number("attention.head_count_kv", heads) * width * 2,
    trainedTokens: number("context_length", 4_096),
    vocabulary: typeof tokens === "object" && tokens !== null && "length" in tokens ? Number(tokens.length) : 32_000,
  };
}
