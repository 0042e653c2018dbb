/**
 * `npm start`. Runs on whatever Node there is before anything is installed, so it uses nothing but that Node: takes the
 * data folder for itself, installs, then hands over to serve.ts on the pinned Node and waits for it to end.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { install, isInstalled } from "./steps/install.js";
import { lockFolder } from "./steps/lock.js";
import { pinnedNode, root, toolEnvironment } from "./steps/root.js";
import { Stop, say, sayFailure, step } from "./steps/say.js";

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return;
  throw new Stop(`Node ${process.versions.node} is too old.`, "Install Node 20.12 or newer.");
}

/** What is set outside wins over `.env`, as everywhere. */
function readDotEnv() {
  const path = join(root, ".env");
  if (!existsSync(path)) return;
  for (const [name, value] of Object.entries(parseEnv(readFileSync(path, "utf8")))) process.env[name] ??= value;
}

/** Hands over to serve.ts and ends as it ends. It shares our terminal, and notices by the channel when we are killed. */
function serve() {
  const words = [join(root, "bin/serve.ts"), ...process.argv.slice(2)];
  const child = spawn(pinnedNode(), words, {
    cwd: root,
    env: toolEnvironment(),
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const stop = () => child.connected && child.send("stop");
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("SIGHUP", stop);
  return new Promise((resolveCode) => {
    child.once("error", () => resolveCode(1));
    child.once("exit", (code) => resolveCode(code ?? 1));
  });
}

let release = () => {};
try {
  checkNode();
  readDotEnv();
  release = lockFolder(resolve(root, process.env.PARLEY_DATA || ".data"));
  say("Parley");
  if (!isInstalled()) await step("Packages (once; about a minute)", install);
  process.exitCode = await serve();
} catch (error) {
  sayFailure(error);
  process.exitCode = 1;
} finally {
  release();
}
