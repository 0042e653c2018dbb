import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { passingOf } from "../../lib/models/capabilities.ts";
import type { CallLog } from "../../lib/models/log.ts";
import { connect, type Models } from "../../lib/models/models.ts";
import { warm } from "../../lib/models/warm.ts";
import { environment } from "../../lib/server/env.ts";
import { Problem } from "./problem.ts";

/** The models of a run, and how to let go of them. */
export type Connection = { models: Models; close(): Promise<void> };

/**
 * Connects to OPENAI_BASE_URL, or starts the embedded model server in its own process for the time of the run.
 * Throws Problem where neither can be had.
 */
export async function connectModels(
  say: (line: string) => void,
  onCall: (call: CallLog) => void,
  signal: AbortSignal,
): Promise<Connection> {
  const variables = environment();
  const own = variables.openaiBaseUrl === undefined && variables.openaiApiKey === undefined;
  const embedded = own ? await startEmbedded(say, signal) : null;
  try {
    const options = {
      baseURL: embedded?.baseURL ?? variables.openaiBaseUrl,
      apiKey: variables.openaiApiKey,
      model: variables.openaiModel,
      simulatorModel: variables.simulatorModel,
      judgeModel: variables.judgeModel,
      onCall,
    };
    let models = await connect(options, signal);
    const met = metBy(models);
    if (met !== "") {
      // Once more: what fails twice in the same way is how this endpoint is, what does not was a bad moment.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      models = await connect(options, signal);
      const again = metBy(models);
      // Asked another way, it would be another measurement.
      if (again !== "" && again !== met)
        throw new Error(`what it can do could not be found out just now (${again}); try again in a moment`);
    }
    // As the product does before anybody waits; the first items of a run would else be measured cold.
    await warm(models.ports(), signal);
    return { models, close: async () => embedded?.stop() };
  } catch (error) {
    await embedded?.stop();
    throw new Problem(`No model: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const PAUSE_MS = 2_000;
const metBy = ({ capabilities }: Models): string =>
  Object.values(capabilities).map(passingOf).filter(Boolean).join(", ");

const readySchema = z.object({ ready: z.literal(true), url: z.string() });
const main = fileURLToPath(new URL("../../lib/embedded/model/main.ts", import.meta.url));

type Embedded = { baseURL: string; stop(): Promise<void> };

async function startEmbedded(say: (line: string) => void, signal: AbortSignal): Promise<Embedded> {
  say("Starting the embedded model (OPENAI_BASE_URL is not set) …");
  // The channel ends when we do, however we end: the server then stops by itself.
  const child = spawn(process.execPath, [main, "--port", "0"], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  let started = false;
  // The first start fetches a gigabyte, and says how far it is; later the progress bar has the line.
  child.stderr?.on("data", (chunk: Buffer) => {
    if (!started) process.stderr.write(chunk);
  });
  const stop = () => ended(child);
  process.once("exit", () => child.kill());
  signal.addEventListener("abort", () => child.kill(), { once: true });
  const baseURL = await ready(child).catch(async () => {
    await stop();
    throw new Problem("The embedded model did not start; why, it said above.");
  });
  started = true;
  return { baseURL, stop };
}

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      for (const line of text.split("\n").slice(0, -1)) {
        const told = parsed(line);
        if (told) resolve(`${told.url}/v1`);
      }
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error("it ended")));
  });
}

function parsed(line: string): z.infer<typeof readySchema> | null {
  try {
    return readySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill();
  });
}
