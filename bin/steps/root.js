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

/**
 * What our tools get: our environment without what is set but empty, which counts as unset here, while a library may choke
 * on it.
 * @param {Record<string, string>} [added]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(added = {}) {
  const set = Object.entries(process.env).filter(([, value]) => value !== "");
  return {
    ...Object.fromEntries(set),
    NODE_ENV: process.env.NODE_ENV,
    PATH: `${bin}:${process.env.PATH}`,
    // `.env` was read by start.js already; Next would read it again, empty values and all.
    __NEXT_PROCESSED_ENV: "true",
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    PRISMA_SCHEMA_ENGINE_BINARY: join(root, "prisma/engine/schema-engine.ts"),
    ...added,
  };
}
