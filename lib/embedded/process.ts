import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process for certain: ids are reused, an id with its start time is not. */
export type ProcessIdentity = { pid: number; startedAt: string };

/** When process `pid` began, in whatever unit the system counts; undefined when there is no such process. */
function startTime(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      // A zombie has ended; its parent has merely not looked yet.
      return fields[0] === "Z" ? undefined : fields[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The identity of a running process, or undefined when it has ended. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = startTime(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTime(identity.pid) === identity.startedAt;
}

/** Waits until the process has ended; false when it still lives after `milliseconds`. */
export async function waitForEnd(identity: ProcessIdentity, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/**
 * Ends exactly this process: each signal in turn, waiting `patience` milliseconds before the next.
 * Does nothing when the process has ended or its id belongs to another process by now.
 */
export async function end(identity: ProcessIdentity, signals: NodeJS.Signals[], patience: number): Promise<void> {
  for (const signal of signals) {
    if (!isAlive(identity)) return;
    try {
      process.kill(identity.pid, signal);
    } catch {
      return; // ended between the look and the signal
    }
    if (await waitForEnd(identity, patience)) return;
  }
}
