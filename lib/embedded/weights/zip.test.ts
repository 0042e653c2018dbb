import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openZipMember } from "./zip.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-zip-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Member {
  readonly name: string;
  readonly data: Buffer;
  readonly deflated: boolean;
}

function zip(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflated } of members) {
    const stored = deflated ? deflateRawSync(data) : data;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(deflated ? 8 : 0, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(stored.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), stored);
    entries.push(entry, Buffer.from(name));
    offset += 30 + name.length + stored.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

async function read(path: string, member: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await openZipMember(path, member)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const large = Buffer.from("0123456789".repeat(50_000));
const archive = zip([
  { name: "a/stored.bin", data: Buffer.from("plain"), deflated: false },
  { name: "a/deflated.bin", data: large, deflated: true },
]);

test("members stored and deflated", async () => {
  const path = join(folder, "good.whl");
  await writeFile(path, archive);
  expect((await read(path, "a/stored.bin")).toString()).toBe("plain");
  expect((await read(path, "a/deflated.bin")).equals(large)).toBe(true);
});

test("a missing member, another kind of file, a cut archive", async () => {
  const path = join(folder, "bad.whl");
  await writeFile(path, archive);
  await expect(read(path, "a/none.bin")).rejects.toThrow(/has no a\/none/);
  await writeFile(path, "not an archive at all");
  await expect(read(path, "a")).rejects.toThrow(/not a zip/);
  await writeFile(path, archive.subarray(0, 60));
  await expect(read(path, "a")).rejects.toThrow();
});
