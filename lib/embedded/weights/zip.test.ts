import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zip } from "./testing.ts";
import { openZipMember } from "./zip.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-zip-"));
});
afterAll(() => rm(folder, { recursive: true }));

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
