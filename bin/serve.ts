/**
 * The second half of `npm start`, on the pinned Node with the packages there: weights and build, database, model
 * server, web server, and then watching over them until told to stop.
 */
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { portState } from "../lib/embedded/port.ts";
import { identify } from "../lib/embedded/process.ts";
import { reclaim, writeRecord } from "../lib/embedded/record.ts";
import { StartError } from "../lib/embedded/start-error.ts";
import { type ChildRecord, supervise } from "../lib/embedded/supervise.ts";
import { environment } from "../lib/server/env.ts";
import { prepareDatabase } from "./serve/database.ts";
import { checkModel, fetchWeights, startModel } from "./serve/model.ts";
import { startWeb } from "./serve/web.ts";
import { build } from "./steps/build.js";
import { generate } from "./steps/generate.js";
import { endAll } from "./steps/run.js";
import { say, sayFailure, step, took } from "./steps/say.js";

const began = performance.now();
const development = process.argv.includes("--dev");
const stopping = new AbortController();
let databaseUrl: string | undefined;
let folder: string | undefined;

const supervisor = supervise(
  (line) => say(`  ! ${line}`),
  (children) => record(children),
);

function record(children: ChildRecord[]): void {
  if (!folder) return;
  const ourselves = identify(process.pid);
  writeRecord(folder, {
    children,
    ...(ourselves ? { supervisor: ourselves } : {}),
    // Of the embedded one alone: the user's own URL holds a secret that is not ours to copy.
    ...(databaseUrl && databaseUrl !== environment().databaseUrl ? { databaseUrl } : {}),
  });
}

let serving: Promise<void> | undefined;
let drained: Promise<void> | undefined;
/** Stops everything we started, once; whoever asks again waits for the same. */
function stop(): Promise<void> {
  stopping.abort();
  endAll();
  drained ??= supervisor.stop();
  return drained;
}

async function stopAndLeave(): Promise<void> {
  if (!drained) say("\nStopping …");
  await stop();
  // A download in progress ends its helpers and keeps what has arrived before it lets go.
  await Promise.race([serving?.catch(() => undefined), delay(10_000)]);
  say("Stopped.");
  process.exit(process.exitCode ?? 0);
}

async function checkPort(port: number): Promise<void> {
  const state = await portState(port);
  if (state === "not allowed") {
    const cure = "Choose one from 1024 on, and put a reverse proxy before it: PORT=3000 npm start";
    throw new StartError(`PORT: this user may not listen on ${port}.`, cure);
  }
  if (state === "in use") {
    const cure = `Stop the other program, or choose another port: PORT=${port + 1} npm start`;
    throw new StartError(`PORT: ${port} is in use by another program.`, cure);
  }
}

async function prepare(): Promise<ReturnType<typeof environment>> {
  const settings = environment();
  folder = settings.dataFolder;
  const left = await reclaim(folder);
  if (left.length > 0) say(`  Stopped what an earlier run had left behind: ${left.join(", ")}.`);
  record([]);
  await checkPort(settings.port);
  return settings;
}

async function serve(): Promise<void> {
  const settings = await prepare();
  const embeddedModel = !settings.openaiApiKey && !settings.openaiBaseUrl;
  if (!embeddedModel) await checkModel(settings);
  await generate();
  // The build needs the processor and the download the network, so both at once; each is said when it is done.
  const built = development ? Promise.resolve() : build();
  built.catch(() => stopping.abort());
  if (embeddedModel) {
    await fetchWeights(settings.cacheFolder, stopping.signal).catch(async (error) => {
      await built; // a failed build is why the download was given up
      throw error;
    });
  }
  if (!development) await step("Web server built", () => built);
  databaseUrl = await prepareDatabase(settings, supervisor);
  const modelVariables = embeddedModel ? await startModel(settings, supervisor) : {};
  await startWeb(settings, supervisor, { databaseUrl, development, modelVariables });
  say(`Parley is ready at http://localhost:${settings.port}`);
  const logs = relative(process.cwd(), join(settings.dataFolder, "logs"));
  say(`  Up in ${took(began)}. Logs are in ${logs}. Ctrl-C stops it.`);
}

process.on("SIGINT", () => void stopAndLeave());
process.on("SIGTERM", () => void stopAndLeave());
process.on("SIGHUP", () => void stopAndLeave());
process.on("message", () => void stopAndLeave());
// start.js holds the data folder; when it is killed, nobody may work there any more.
process.on("disconnect", () => void stopAndLeave());

try {
  serving = serve();
  await serving;
} catch (error) {
  // What fails because we are being told to stop is no failure.
  if (!drained) {
    sayFailure(error);
    await stop();
    process.exit(1);
  }
}
await delay(2 ** 31 - 1);
