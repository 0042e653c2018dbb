import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../alive.ts";

const heartbeatMs = 2_000;
const staleMs = 15_000;

async function isStale(path: string): Promise<boolean> {
  try {
    const [owner, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const silentMs = Date.now() - mtimeMs;
    if (silentMs > staleMs) return true;
    // An empty file is a lock whose owner is between creating and signing it.
    return owner !== "" && !isAlive(Number(owner));
  } catch {
    return false;
  }
}

/**
 * Holds `path` as a lock between processes. The owner touches it every two seconds; one that is silent for fifteen, or
 * whose process is gone, is taken over. `onWait` runs about twice a second while another process holds it and
 * may end the wait by returning true (then null is returned).
 */
export async function takeLock(
  path: string,
  onWait: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<(() => Promise<void>) | null> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      const timer = setInterval(() => {
        const now = new Date();
        utimes(path, now, now).catch(() => undefined);
      }, heartbeatMs);
      timer.unref();
      return async () => {
        clearInterval(timer);
        await rm(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    if (await isStale(path)) {
      await rm(path, { force: true });
      continue;
    }
    if (await onWait()) return null;
    await sleep(500, undefined, signal ? { signal } : {});
  }
}
