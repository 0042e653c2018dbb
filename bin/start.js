/**
 * `npm start`. Runs on whatever Node there is before anything is installed, so it uses nothing but that Node: takes the
 * data folder for itself, installs, then hands over to serve.ts on the pinned Node and waits for it to end.
 */
import { checkNode } from "./steps/node.js";
import { say, sayFailure, step } from "./steps/say.js";

checkNode();
const { spawn } = await import("node:child_process");
const { existsSync, readFileSync } = await import("node:fs");
const { join, resolve } = await import("node:path");
const { parseEnv } = await import("node:util");
const { install, isInstalled } = await import("./steps/install.js");
const { lockFolder } = await import("./steps/lock.js");
const { pinnedNode, root, toolEnvironment } = await import("./steps/root.js");

/** What is set outside wins over `.env`, as everywhere. */
function readDotEnv() {
  const path = join(root, ".env");
  if (!existsSync(path)) return;
  Object.assign(process.env, { ...parseEnv(readFileSync(path, "utf8")), ...process.env });
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
