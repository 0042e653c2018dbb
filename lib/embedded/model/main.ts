import { existsSync } from "node:fs";
import { environment } from "../../server/env.ts";
import { cachedWeights, defaultWeights, ensureWeights, knownWeights, WeightsError } from "../weights.ts";
import { ModelUnavailable } from "./llama.ts";
import { DoesNotFit } from "./memory.ts";
import { type CliOptions, parseOptions, UsageError, usage } from "./options.ts";
import { startModelServer } from "./start.ts";

/** Standard output carries one line, for programs: {"ready":true,"port":…}. What people read goes to standard error. */
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function list(cacheFolder: string): Promise<void> {
  for (const weights of knownWeights) {
    const path = await cachedWeights(weights, { cacheFolder });
    const state = path === null ? "not here yet" : `cached at ${path}`;
    console.log(`${weights.id.padEnd(30)} ${`${Math.round(weights.bytes / 1e6)} MB`.padStart(8)}  ${state}`);
  }
}

async function findModel(name: string | undefined, cacheFolder: string): Promise<{ path: string; id?: string }> {
  const known = name === undefined ? defaultWeights : knownWeights.find((weights) => weights.id === name);
  if (known) {
    let lastSaid = 0;
    const path = await ensureWeights(known, {
      cacheFolder,
      onProgress({ bytes, total, rate, secondsLeft }) {
        if (performance.now() - lastSaid < 1_000 && bytes < total) return;
        lastSaid = performance.now();
        const left = secondsLeft === null ? "" : `, ${Math.ceil(secondsLeft)} s left`;
        say(
          `fetching ${known.title}: ${Math.round(bytes / 1e6)} of ${Math.round(total / 1e6)} MB, ${(rate / 1e6).toFixed(1)} MB/s${left}`,
        );
      },
    });
    return { path, id: known.id };
  }
  if (name !== undefined && existsSync(name)) return { path: name };
  throw new UsageError(`There is no model or file named ${name}; see --list for what is known.`);
}

async function serve(options: CliOptions, cacheFolder: string): Promise<void> {
  const { path, id } = await findModel(options.model, cacheFolder);
  const began = performance.now();
  const server = await startModelServer({ ...options, modelPath: path, modelId: id, log: say });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.close().then(() => process.exit(0));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // Started by a program that is gone: nobody is left to serve.
  process.on("disconnect", stop);
  say(`${server.modelId} is served at ${server.url}/v1 (loaded in ${Math.round(performance.now() - began)} ms)`);
  const { port, url, modelId, plan } = server;
  console.log(
    JSON.stringify({ ready: true, port, url, model: modelId, slots: plan.slots, context: plan.contextTokens }),
  );
}

function explain(error: unknown, options: { readonly port: number } | null): string {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
    return `Port ${options?.port} is in use. Stop the program that holds it, or choose another with --port.`;
  const expected = [UsageError, WeightsError, ModelUnavailable, DoesNotFit];
  if (expected.some((kind) => error instanceof kind) && error instanceof Error) return error.message;
  return `The model server could not start: ${error instanceof Error ? error.message : String(error)}. Set OPENAI_BASE_URL to use another model server.`;
}

let options: CliOptions | null = null;
try {
  options = parseOptions(process.argv.slice(2));
  const cacheFolder = options.cache ?? environment().cacheFolder;
  if (options.help) console.log(usage);
  else if (options.list) await list(cacheFolder);
  else await serve(options, cacheFolder);
} catch (error) {
  say(explain(error, options));
  process.exit(1);
}
