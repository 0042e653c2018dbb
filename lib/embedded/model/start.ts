import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { readShape } from "./gguf.ts";
import { createHttpServer } from "./http.ts";
import { loadModel } from "./llama.ts";
import { canBeCut } from "./llama-backend.ts";
import { describePlan, type MemoryPlan, planMemory } from "./memory.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { removeOrphans } from "./state-folder.ts";
import { createThreadPolicy } from "./threads.ts";

export interface ModelServerOptions {
  /** A GGUF file. */
  readonly modelPath: string;
  /** Default: the file's name without .gguf. */
  readonly modelId?: string | undefined;
  /** 0 = any free port. */
  readonly port: number;
  readonly host?: string | undefined;
  readonly slots?: number | undefined;
  readonly context?: number | undefined;
  /** Default: all cores, less those that other programs use. A number is kept to. */
  readonly threads?: number | undefined;
  /** Bearer key that requests must bring. */
  readonly key?: string | undefined;
  /** Default: what the system says is free. */
  readonly freeBytes?: number | undefined;
  readonly cacheBytes?: number | undefined;
  /** Requests that may wait; beyond it they are answered with 429. */
  readonly mostQueued?: number | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

export interface ModelServer {
  readonly port: number;
  readonly url: string;
  readonly modelId: string;
  readonly plan: MemoryPlan;
  readonly scheduler: Scheduler;
  /** Stops after the current step. */
  close(): Promise<void>;
}

const listen = (server: Server, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

/**
 * Loads the model and serves it, in this process. A native fault takes the process down: run it in one of its own.
 * @throws ModelUnavailable, DoesNotFit, or the system's error where the port is taken.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { log = () => undefined, mostQueued = 256 } = options;
  removeOrphans();
  const freeBytes = options.freeBytes ?? process.availableMemory();
  const plan = planMemory(await readShape(options.modelPath), freeBytes, options);
  log(describePlan(plan, freeBytes));
  const model = await loadModel({ path: options.modelPath, threads: options.threads });
  const size = { lanes: plan.slots, contextTokens: plan.contextTokens };
  const backend = await model.openBackend(size);
  const shares = plan.cacheBytes > 0 && (await canBeCut(backend));
  if (plan.cacheBytes > 0 && !shares) log("This model's states cannot be cut: every prompt is read anew.");
  const scheduler = createScheduler({
    backend,
    reopen: () => model.openBackend(size),
    cacheBytes: shares ? plan.cacheBytes : 0,
    isEnd: model.vocabulary.isEnd,
    ...(options.threads === undefined ? { chooseThreads: createThreadPolicy(availableParallelism()) } : {}),
    mostQueued,
    onStuck: (error) => log(`the model failed and is started anew: ${error.message}`),
  });
  const modelId = options.modelId ?? basename(options.modelPath).replace(/\.gguf$/i, "");
  const { contextTokens } = backend;
  const engine = { modelId, model, scheduler, contextTokens, slots: plan.slots, mostQueued };
  const server = createHttpServer(engine, options.key ?? null);
  const { address, family, port } = await listen(server, options.port, options.host ?? "127.0.0.1");
  return {
    port,
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    modelId,
    plan,
    scheduler,
    async close() {
      server.close();
      await scheduler.close();
      server.closeAllConnections();
      await model.close();
    },
  };
}
