import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "node_modules/.bin");

/** The Node everything runs on once the packages are there: the pinned one, or where there is none for this system, ours. */
export function pinnedNode() {
  const pinned = join(bin, "node");
  return existsSync(pinned) ? pinned : process.execPath;
}

/** @param {Record<string, string>} [added] */
export function toolEnvironment(added = {}) {
  return {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    PRISMA_SCHEMA_ENGINE_BINARY: join(root, "prisma/engine/schema-engine.ts"),
    ...added,
  };
}
