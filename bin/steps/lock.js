import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "./say.js";

/** When a process began; with its id this tells it from a later one of the same id. @param {number} pid */
function startTime(pid) {
  try {
    if (process.platform === "linux") {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      // A zombie has ended; its parent has merely not looked yet.
      return fields[0] === "Z" ? undefined : fields[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} holder */
function isHeld(holder) {
  const [pid, began] = holder.trim().split(" ");
  return Boolean(began) && startTime(Number(pid)) === began;
}

/**
 * Makes this process the only one that works in `folder`. One that was killed holds nothing.
 * @param {string} folder
 * @returns {() => void} gives the folder back
 * @throws {Stop} when another one works there
 */
export function lockFolder(folder) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "start.lock");
  const mine = `${process.pid} ${startTime(process.pid)}`;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        linkSync(draft, path); // whole or not at all, and only where there is none
        return () => {
          if (read(path) === mine) rmSync(path, { force: true });
        };
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
      }
      const holder = read(path);
      if (isHeld(holder)) {
        const pid = holder.split(" ")[0];
        const problem = `It is already running with this data folder (${folder}), as process ${pid}.`;
        throw new Stop(problem, "Use that one, stop it first, or give this one PARLEY_DATA and PORT of its own.");
      }
      // Two may find the same stale lock; only who moves it away, and finds in it what was seen, may take it out.
      const aside = `${path}.stale.${process.pid}`;
      try {
        renameSync(path, aside);
        if (read(aside) !== holder) linkSync(aside, path);
      } catch {
        // The other was faster; look again.
      }
      rmSync(aside, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new Stop(`The data folder ${folder} could not be locked.`, `Remove ${path} if no other Parley runs.`);
}
