import { spawnSync } from "node:child_process";
import { chownSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/** How to start Postgres, which refuses to run as root: words to put before the command and the user it runs as. */
export type RunAs = { prefix: string[]; uid?: number; gid?: number };

const NOBODY = 65534;
/** A user namespace in which root looks like an ordinary user: nothing changes owner, and folders only root enters work. */
const NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];

function succeeds(command: string[], ids: { uid?: number; gid?: number } = {}): boolean {
  const [program = "", ...rest] = command;
  return spawnSync(program, rest, { stdio: "ignore", ...ids }).status === 0;
}

/**
 * Picks the way to run `binary` on `folder` (which must exist) as somebody who is not root.
 * @throws StartError when root has neither user namespaces nor a folder that others may enter.
 */
export function chooseRunAs(binary: string, folder: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] };
  if (succeeds([...NAMESPACE, binary, "--version"])) return { prefix: NAMESPACE };
  const ids = { uid: NOBODY, gid: NOBODY };
  chownSync(folder, NOBODY, NOBODY);
  if (succeeds(["sh", "-c", '"$1" --version && cd "$2"', "sh", binary, folder], ids)) return { prefix: [], ...ids };
  throw new StartError(
    "Postgres refuses to run as root, and this machine offers no other user that could reach its files.",
    `Move the checkout and PARLEY_DATA (${folder}) out of folders only root may enter, or start as another user, or set DATABASE_URL.`,
  );
}

/** Gives the whole folder to the user Postgres will run as; a folder used the other way before is thereby taken over. */
export function takeOver(folder: string, runAs: RunAs): void {
  if (process.getuid?.() !== 0) return;
  const uid = runAs.uid ?? 0;
  const gid = runAs.gid ?? 0;
  const visit = (path: string): void => {
    const found = lstatSync(path);
    if (found.uid !== uid) chownSync(path, uid, gid);
    if (found.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  if (lstatSync(folder).uid !== uid || uid === NOBODY) visit(folder);
}
