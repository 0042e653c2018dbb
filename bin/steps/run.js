import { spawn } from "node:child_process";
import { root, toolEnvironment } from "./root.js";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Each runs in a process group of its own, so that its helpers end with it. @param {import("node:child_process").ChildProcess} child */
function end(child, /** @type {NodeJS.Signals} */ signal = "SIGTERM") {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Ends whatever `run` has started that has not finished. */
export function endAll() {
  for (const child of running) end(child);
}

/**
 * Runs a program to its end and gives its exit code and the last of what it said.
 * @param {string} program
 * @param {string[]} words
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv, limit?: number }} [options] show: let it speak for itself as well;
 *   limit: milliseconds after which it is ended, with code 124
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, words, { show = false, env = toolEnvironment(), limit } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    running.add(child);
    let output = "";
    let late = false;
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      output = (output + chunk.toString()).slice(-100_000);
      if (show) process.stdout.write(chunk);
    };
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: late ? 124 : code, output });
    };
    const timer = setTimeout(
      () => {
        late = true;
        if (show) process.stdout.write(`\nStill running after ${(limit ?? 0) / 60_000} minutes; ended.\n`);
        end(child);
        setTimeout(() => end(child, "SIGKILL"), 15_000).unref();
      },
      limit ?? 2 ** 31 - 1,
    );
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.once("close", (code) => finish(code ?? 1));
  });
}
