import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readShape } from "./gguf.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-gguf-"));
});
afterAll(() => rm(folder, { recursive: true }));

const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};
const u64 = (value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};
const text = (value: string): Buffer => Buffer.concat([u64(value.length), Buffer.from(value)]);
const fields: [string, Buffer][] = [
  ["general.architecture", Buffer.concat([u32(8), text("tiny")])],
  ["tiny.block_count", Buffer.concat([u32(4), u32(2)])],
  ["tiny.embedding_length", Buffer.concat([u32(4), u32(64)])],
  ["tiny.attention.head_count", Buffer.concat([u32(4), u32(4)])],
  ["tiny.attention.head_count_kv", Buffer.concat([u32(9), u32(4), u64(2), u32(1), u32(2)])],
  ["tiny.context_length", Buffer.concat([u32(4), u32(1_000)])],
  ["tokenizer.ggml.tokens", Buffer.concat([u32(9), u32(8), u64(3), text("a"), text("b"), text("c")])],
];
const header = Buffer.concat([
  Buffer.from("GGUF"),
  u32(3),
  u64(0),
  u64(fields.length),
  ...fields.flatMap(([key, value]) => [text(key), value]),
]);

async function file(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test("the shape of a model from its header", async () => {
  expect(await readShape(await file("good.gguf", header))).toEqual({
    fileBytes: header.length,
    // 2 layers × 2 heads (the most of any layer) × (16 + 16) × 2 bytes
    stateBytesPerToken: 256,
    trainedTokens: 1_000,
    vocabulary: 3,
  });
});

test.each([
  ["nothing", Buffer.alloc(0), /ends in the middle/],
  ["other", Buffer.from("a text, not a model"), /does not begin with GGUF/],
  ["cut", header.subarray(0, header.length - 5), /ends in the middle/],
  ["old", Buffer.concat([Buffer.from("GGUF"), u32(1), u64(0), u64(0)]), /version is 1/],
])("a file that is no model: %s", async (name, content, message) => {
  await expect(readShape(await file(`${name}.gguf`, content))).rejects.toThrow(message);
});
