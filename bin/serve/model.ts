import { join } from "node:path";
import { z } from "zod";
import { startChild } from "../../lib/embedded/child.ts";
import { checkEndpoint } from "../../lib/embedded/explain.ts";
import type { Log } from "../../lib/embedded/log.ts";
import type { Supervisor } from "../../lib/embedded/supervise.ts";
import { cachedWeights, defaultWeights, ensureWeights, type WeightsProgress } from "../../lib/embedded/weights.ts";
import { childEnvironment, type Environment, OPENAI_BASE_URL } from "../../lib/server/env.ts";
import { root } from "../steps/root.js";
import { dim, say, step } from "../steps/say.js";
import { hashOf } from "../steps/stamp.js";

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

function inWords({ bytes, total, rate, secondsLeft }: WeightsProgress): string {
  const left = secondsLeft === null ? "" : `, ${Math.ceil(secondsLeft)} s left`;
  return `${megabytes(bytes)} of ${megabytes(total)} (${Math.floor((100 * bytes) / total)} %), ${megabytes(Math.max(rate, 0))}/s${left}`;
}

/** On a terminal one line that changes; elsewhere (a log) a line every five seconds. */
function progressLine(): (progress: WeightsProgress) => void {
  let last = performance.now();
  return (progress) => {
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\u001b[K  … Model weights: ${inWords(progress)}`);
    } else if (performance.now() - last > 5_000) {
      last = performance.now();
      say(dim(`    ${inWords(progress)}`));
    }
  };
}

/** Makes sure that the weights are in the cache; says nothing when they are. */
export async function fetchWeights(cacheFolder: string, signal: AbortSignal): Promise<void> {
  if (await cachedWeights(defaultWeights, { cacheFolder })) return;
  const { title, bytes } = defaultWeights;
  await step(`Model weights (once): ${title}, ${megabytes(bytes)}`, () =>
    ensureWeights(defaultWeights, { cacheFolder, signal, onProgress: progressLine() }),
  );
}

const readyLine = z.object({ port: z.number().int().positive() });

/** The model server tells its port in a line of JSON. */
async function portFrom(log: Log): Promise<number | undefined> {
  for (const line of log.sinceStart().split("\n")) {
    if (!line.startsWith("{")) continue;
    try {
      const { port } = readyLine.parse(JSON.parse(line));
      return port;
    } catch {
      // A line of another kind.
    }
  }
  return undefined;
}

/** Asks the user's own endpoint whether it knows us; before anything slow, so that a wrong key is said at once. */
export async function checkModel(settings: Environment): Promise<void> {
  const baseUrl = settings.openaiBaseUrl ?? OPENAI_BASE_URL;
  await step(`Language model: ${new URL(baseUrl).host}`, () => checkEndpoint(baseUrl, settings));
}

/** Starts the embedded model server. @returns the variables that lead the web server to it. */
export async function startModel(settings: Environment, supervisor: Supervisor): Promise<Record<string, string>> {
  const main = join(root, "lib/embedded/model/main.ts");
  const start = (wanted?: number) =>
    startChild({
      name: "model",
      program: process.execPath,
      words: [main, "--port", String(wanted ?? 0), "--cache", settings.cacheFolder],
      env: childEnvironment({}),
      channel: true,
      logs: join(settings.dataFolder, "logs"),
      answers: portFrom,
      patience: 120_000,
      drain: 5_000,
    });
  const port = await step("Model server", () => supervisor.add({ name: "Model server", start }));
  return {
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    // There is one model here; whatever names are set were meant for another endpoint.
    OPENAI_MODEL: defaultWeights.id,
    SIMULATOR_MODEL: "",
    JUDGE_MODEL: "",
    // The same bytes served by the same code can do the same things: what was found out once is remembered.
    PARLEY_EMBEDDED_MODEL: hashOf(["lib/embedded/model", "package-lock.json"]).slice(0, 16),
  };
}
