import { mkdirSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../alive.ts";

/** Files of saved states. They live no longer than the process: those of dead ones are removed by removeOrphans. */
export interface StateFolder {
  readonly path: string;
  next(): string;
  remove(path: string): void;
  close(): void;
}

const prefix = "parley-model-";
const memoryDisk = "/dev/shm";

/** A memory disk where there is one with room (a state is read and written at the speed of memory), else the temporary folder. */
function parentFolder(bytes: number): string {
  try {
    const { bavail, bsize } = statfsSync(memoryDisk);
    if (bavail * bsize > bytes * 1.2) return memoryDisk;
  } catch {
    // No memory disk here: macOS and Windows have none.
  }
  return tmpdir();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Frees what killed servers left, wherever it is: memory that is neither counted as free nor room on the disk until then. */
export function removeOrphans(): void {
  for (const parent of [memoryDisk, tmpdir()])
    for (const name of namesIn(parent)) {
      if (!name.startsWith(prefix)) continue;
      const pid = Number(name.slice(prefix.length).split("-")[0]);
      if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) continue;
      try {
        rmSync(join(parent, name), { recursive: true, force: true });
      } catch {
        // Another user's: not ours to remove, and no reason not to start.
      }
    }
}

let folders = 0;

export function openStateFolder(bytes: number): StateFolder {
  const path = join(parentFolder(bytes), `${prefix}${process.pid}-${++folders}`);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  let count = 0;
  return {
    path,
    next: () => join(path, `${++count}.state`),
    remove(file) {
      rm(file, { force: true }).catch(() => undefined);
    },
    close: () => rmSync(path, { recursive: true, force: true }),
  };
}
