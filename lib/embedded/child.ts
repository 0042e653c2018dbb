import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { type Log, openLog } from "./log.ts";
import { end, identify } from "./process.ts";
import { diskFull, StartError, saysDiskFull } from "./start-error.ts";
import type { Running } from "./supervise.ts";

export type ChildOptions = {
  name: string;
  program: string;
  words: string[];
  env: NodeJS.ProcessEnv;
  /** Whether the child ends itself when this process is gone. */
  channel?: boolean;
  /** The log goes to `<logs>/<name>.log`. */
  logs: string;
  /** Tells the port once the child answers, undefined while it does not; may throw to give up. */
  answers(log: Log): Promise<number | undefined>;
  /** How long it may take to answer, ms. */
  patience: number;
  /** How long it may take to finish what it does when asked to stop, ms. */
  drain: number;
};

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}

/** Starts a child in a process group of its own, so that Ctrl-C reaches only us, and waits until it answers. */
export async function startChild(options: ChildOptions): Promise<Running> {
  const log = openLog(options.logs, options.name);
  const child = spawn(options.program, options.words, {
    env: options.env,
    // The channel says nothing; it breaks when we are killed, and a child that listens for that stops too.
    stdio: ["ignore", log.descriptor, log.descriptor, ...(options.channel ? ["ipc" as const] : [])],
    detached: true,
  });
  log.close();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const stop = async () => {
    if (identity) await end(identity, ["SIGTERM", "SIGKILL"], options.drain);
  };
  try {
    return { child, port: await waitForAnswer(child, log, options), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function waitForAnswer(child: ChildProcess, log: Log, options: ChildOptions): Promise<number> {
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const deadline = performance.now() + options.patience;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      if (saysDiskFull(log.sinceStart())) throw diskFull(options.logs);
      const death = child.signalCode ?? `exit code ${child.exitCode}`;
      throw new StartError(
        `The ${options.name} server stopped while starting (${death}).`,
        lastLines(log.sinceStart()),
      );
    }
    const port = await Promise.race([options.answers(log), failed]);
    if (port !== undefined) return port;
    await delay(50);
  }
  const cure = `Its log is ${log.path}; it ends:\n${lastLines(log.sinceStart())}`;
  throw new StartError(`The ${options.name} server did not answer within ${options.patience / 1000} s.`, cure);
}
