import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface RunningServer {
  readonly url: string;
  /** Resident memory in bytes; 0 where the system does not tell. */
  resident(): number;
  status(): Promise<{
    readonly steps: number;
    readonly stepMs: number;
    readonly tokensRead: number;
    readonly decodeMs: number;
  }>;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL("../../lib/embedded/model/main.ts", import.meta.url));

/** Starts the model server as the product does: in a process of its own. */
export async function startServer(options: readonly string[]): Promise<RunningServer> {
  const child = spawn(process.execPath, [main, "--port", "0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const told = await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code}`))),
  ]);
  const { url } = JSON.parse(String(told[0])) as { url: string };
  return {
    url,
    resident() {
      try {
        const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
        return Number(found?.[1] ?? 0) * 1_024;
      } catch {
        return 0;
      }
    },
    status: async () => (await fetch(`${url}/health`)).json(),
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
