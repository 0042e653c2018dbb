import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { root, toolEnvironment } from "./root.js";
import { run } from "./run.js";
import { Stop } from "./say.js";

/** What node_modules and npm's cache take when the cache is empty, with some room. */
const NEEDED_BYTES = 2_500_000_000;

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} Locked */

/** @param {string} file @returns {Record<string, Locked> | undefined} */
function packagesOf(file) {
  const path = join(root, file);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** npm writes its own account of node_modules last of all; when it agrees with the lock, nothing is to be done. */
export function isInstalled() {
  const wanted = packagesOf("package-lock.json");
  const found = packagesOf("node_modules/.package-lock.json");
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([path, locked]) => {
    if (path === "") return true;
    const installed = found[path];
    // What is optional may be absent: it is for another system.
    if (!installed) return locked.optional === true || locked.devOptional === true;
    return installed.version === locked.version;
  });
}

/** The npm that started us, on the Node it runs on: ours may lie in the node_modules that is about to be replaced. */
function npm() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  return cli?.endsWith(".js") && node ? { program: node, first: [cli] } : { program: "npm", first: [] };
}

/** Turns npm's last words into the problem and its cure. @param {string} output */
export function explainInstall(output) {
  if (/ENOSPC|no space left/i.test(output)) {
    return new Stop(`The disk is full at ${root}.`, "Free about 2.5 GB and start again.");
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|network/i.test(output)) {
    const cure = "The first start needs the network once. Check it (and npm's proxy settings), then start again.";
    return new Stop("npm's registry cannot be reached, and the packages are not installed yet.", cure);
  }
  if (/EACCES|EPERM/.test(output)) {
    return new Stop(`npm may not write to ${root}.`, "Give the folder to the user who starts Parley.");
  }
  return new Stop("npm could not install the packages.", output.trim().split("\n").slice(-15).join("\n"));
}

/** @param {number} freeBytes @throws {Stop} when the packages would not fit */
export function checkSpace(freeBytes) {
  if (freeBytes >= NEEDED_BYTES) return;
  const problem = `The disk is nearly full at ${root}: ${(freeBytes / 1e9).toFixed(1)} GB are free.`;
  throw new Stop(problem, "The packages need about 2.5 GB. Free some space and start again.");
}

/** Installs exactly what the lock says. @throws {Stop} */
export async function install() {
  const { bavail, bsize } = await statfs(root);
  checkSpace(bavail * bsize);
  const { program, first } = npm();
  const words = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  // The first variable spares Prisma's install script the wait for its binary host, the second a compiler run.
  const env = toolEnvironment({ NODE_LLAMA_CPP_SKIP_DOWNLOAD: "true", npm_config_update_notifier: "false" });
  env.PATH = process.env.PATH;
  const { code, output } = await run(program, [...first, ...words], { env });
  if (code !== 0) throw explainInstall(output);
}
