import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../lib/embedded/port.ts";
import { identify, waitForEnd } from "../../lib/embedded/process.ts";
import { type RunRecord, readRecord } from "../../lib/embedded/record.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The whole of Parley as `npm start` runs it, on a port and a data folder of its own. */
export type App = {
  url: string;
  dataFolder: string;
  /** Everything it has said so far. */
  said(): string;
  /** What runs now: pids, ports and the database's URL. */
  record(): RunRecord;
  /** Kills these with -9, by how their names begin ("web", "postgres", "model", "supervisor", and "start" for bin/start.js); returns when they are gone. */
  kill(...names: string[]): Promise<void>;
  /** As Ctrl-C does. Returns the exit code once everything has stopped. */
  stop(): Promise<number | null>;
  /** Stops it and removes its data folder. */
  remove(): Promise<void>;
};
export type AppOptions = {
  /** Added to the environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Use an existing data folder, as the next start of the same Parley does. */
  dataFolder?: string;
  port?: number;
};

const models = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "SIMULATOR_MODEL", "JUDGE_MODEL"];
const notOurs = ["DATABASE_URL", "PARLEY_SECRET", ...models];

function environmentOf(options: AppOptions, port: number, dataFolder: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: String(port), PARLEY_DATA: dataFolder };
  // Whoever runs the tests may have these set for themselves.
  for (const name of notOurs) {
    env[name] = ""; // empty counts as unset, and keeps the developer's own .env out
  }
  for (const [name, value] of Object.entries(options.env ?? {})) env[name] = value ?? "";
  return env;
}

/** Starts it without waiting: the process and what it says. For tests of starts that fail. */
export function launch(options: AppOptions, port: number, dataFolder: string) {
  const child = spawn(process.execPath, [join(root, "bin/start.js")], {
    cwd: root,
    env: environmentOf(options, port, dataFolder),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, said: () => said };
}

async function untilReady(child: ChildProcess, ended: Promise<number | null>, said: () => string): Promise<void> {
  const ready = new Promise<void>((resolve) => {
    const look = () => {
      if (/^Parley is ready at /m.test(said())) resolve();
    };
    child.stdout?.on("data", look);
  });
  const code = await Promise.race([ready, ended]);
  if (code !== undefined) throw new Error(`Parley ended with ${code} instead of getting ready:\n${said()}`);
}

/** Starts Parley and waits for its ready line; builds first when the sources have changed. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const port = options.port ?? (await freePort());
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "parley-app-"));
  const { child, ended, said } = launch(options, port, dataFolder);
  await untilReady(child, ended, said);
  const record = (): RunRecord => readRecord(dataFolder) ?? { children: [] };
  const stop = () => {
    child.kill("SIGINT");
    return ended;
  };
  return {
    url: `http://localhost:${port}`,
    dataFolder,
    said,
    record,
    kill: async (...names) => {
      const { children, supervisor } = record();
      const start = child.pid === undefined ? undefined : identify(child.pid);
      const known = [...children, ...(supervisor ? [{ name: "supervisor", ...supervisor }] : [])];
      const all = [...known, ...(start ? [{ name: "start", ...start }] : [])];
      const chosen = names.map((name) => {
        const found = all.find((one) => one.name.toLowerCase().startsWith(name.toLowerCase()));
        if (!found) throw new Error(`No ${name} runs; these do: ${all.map((one) => one.name).join(", ")}`);
        return found;
      });
      for (const { pid } of chosen) process.kill(pid, "SIGKILL");
      for (const one of chosen) await waitForEnd(one, 10_000);
    },
    stop,
    remove: async () => {
      await stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
