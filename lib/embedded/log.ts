import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const MAX_BYTES = 5_000_000;

/** Where a child writes. A file, not a pipe: a child must not die of a broken pipe when its supervisor is killed. */
export type Log = {
  path: string;
  descriptor: number;
  /** What was written since this log was opened; at most the last 8,000 characters. */
  sinceStart(): string;
  /** Closes our side; the child keeps its own. */
  close(): void;
};

/** Opens `<folder>/<name>.log` for appending; one that grew past 5 MB begins anew. */
export function openLog(folder: string, name: string): Log {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.log`);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const fresh = size > MAX_BYTES;
  const descriptor = openSync(path, fresh ? "w" : "a");
  const from = fresh ? 0 : size;
  return {
    path,
    descriptor,
    sinceStart: () => readFileSync(path).subarray(from).toString("utf8").slice(-8_000),
    close: () => closeSync(descriptor),
  };
}
