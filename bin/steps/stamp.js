import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.js";

/**
 * A hash of these files and folders, so that a step is repeated when what it reads has changed and only then.
 * @param {string[]} paths relative to the checkout
 * @param {(path: string) => boolean} [skip]
 */
export function hashOf(paths, skip = () => false) {
  const hash = createHash("sha256");
  /** @param {string} path */
  const visit = (path) => {
    const full = join(root, path);
    if (skip(path) || !existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(join(path, name));
    } else {
      hash.update(`${path}\0`).update(readFileSync(full)).update("\0");
    }
  };
  for (const path of paths) visit(path);
  return hash.digest("hex");
}

/**
 * Does the work unless its stamp says that it was done with the same inputs. The stamp lies beside what the work makes,
 * goes before the work begins and comes back when it has succeeded, so that work cut short is done again.
 * @param {string} file the stamp, relative to the checkout
 * @param {string} inputs their hash
 * @param {() => Promise<void>} work
 */
export async function unlessDone(file, inputs, work) {
  const path = join(root, file);
  if (isDone(file, inputs)) return;
  rmSync(path, { force: true });
  await work();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, inputs);
}

/** @param {string} file @param {string} inputs */
export function isDone(file, inputs) {
  const path = join(root, file);
  return existsSync(path) && readFileSync(path, "utf8") === inputs;
}
