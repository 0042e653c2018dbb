import type { FileHandle } from "node:fs/promises";

const connectMs = 5_000;
const stallMs = 30_000;

/** The source cannot be reached or does not have the file; another one may. */
export class SourceUnavailable extends Error {
  override readonly name = "SourceUnavailable";
}

async function connect(url: string, from: number, signal: AbortSignal | undefined): Promise<Response> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${connectMs / 1_000} s`)), connectMs);
  try {
    return await fetch(url, {
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Appends the rest of `url` to `part`, from byte `from` on. Throws SourceUnavailable when the server cannot be reached,
 * refuses, ignores the range or falls silent; what arrived until then is kept.
 */
export async function fetchFromHub(
  url: string,
  part: FileHandle,
  from: number,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let response: Response;
  try {
    response = await connect(url, from, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw new SourceUnavailable(`${new URL(url).host} cannot be reached`, { cause: error });
  }
  const wanted = from > 0 ? 206 : 200;
  if (response.status !== wanted || !response.body) {
    await response.body?.cancel();
    throw new SourceUnavailable(`${new URL(url).host} answered ${response.status}`);
  }
  let at = from;
  const reader = response.body.getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const stall = Promise.withResolvers<never>();
      const timer = setTimeout(() => stall.reject(new SourceUnavailable("the download fell silent")), stallMs);
      let chunk: ReadableStreamReadResult<Uint8Array>;
      try {
        chunk = await Promise.race([reader.read(), stall.promise]);
      } catch (error) {
        if (error instanceof SourceUnavailable) throw error;
        throw new SourceUnavailable("the download broke off", { cause: error });
      } finally {
        clearTimeout(timer);
      }
      if (chunk.done) return;
      await part.write(chunk.value, 0, chunk.value.length, at);
      at += chunk.value.length;
      onBytes(at);
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
