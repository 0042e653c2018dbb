import { spawn } from "node:child_process";
import { root, toolEnvironment } from "./root.js";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Tells what `run` has started and not finished to end. */
export function endAll() {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * Runs a program to its end and gives its exit code and the last of what it said.
 * @param {string} program
 * @param {string[]} words
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} [options] show: let it speak for itself as well
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, words, { show = false, env = toolEnvironment(), cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let output = "";
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      output = (output + chunk.toString()).slice(-100_000);
      if (show) process.stdout.write(chunk);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => resolve({ code: 127, output: output + error.message }));
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}
