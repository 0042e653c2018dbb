import { join } from "node:path";
import { startChild } from "../../lib/embedded/child.ts";
import { keepSecret } from "../../lib/embedded/secret.ts";
import { StartError } from "../../lib/embedded/start-error.ts";
import type { Supervisor } from "../../lib/embedded/supervise.ts";
import { CONNECT_MS, childEnvironment, type Environment } from "../../lib/server/env.ts";
import { type Health, healthSchema } from "../../lib/shared/routes.ts";
import { root } from "../steps/root.js";
import { step } from "../steps/say.js";

export type WebOptions = { databaseUrl: string; development: boolean; modelVariables: Record<string, string> };

/** At a start all of it has to be well: somebody waits for a first reply. */
export const isWell = (health: Health): boolean => health.status === "ok";
/** Once it was up: killing a page that can show conversations would bring no endpoint back. */
export const servesPages = (health: Health): boolean => health.database === "ok";

/** Asks the contract's health route until it is up, and remembers what it complained of last. */
export function healthProbe(port: number, isUp: (health: Health) => boolean) {
  let complaint = "it does not answer at all";
  const answers = async (): Promise<number | undefined> => {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(15_000) });
      const text = await response.text();
      complaint = text.slice(0, 300);
      return isUp(healthSchema.parse(JSON.parse(text))) ? port : undefined;
    } catch {
      return undefined;
    }
  };
  return { answers, complaint: () => complaint };
}

/** Starts the web server and waits until it, its database and its model are well; keeps it up whatever its model does then. */
export async function startWeb(settings: Environment, supervisor: Supervisor, options: WebOptions): Promise<void> {
  const { port, dataFolder } = settings;
  const next = join(root, "node_modules/next/dist/bin/next");
  const env = childEnvironment({
    ...options.modelVariables,
    DATABASE_URL: options.databaseUrl,
    PARLEY_SECRET: settings.secret ?? keepSecret(dataFolder),
    PORT: String(port),
    NODE_ENV: options.development ? "development" : "production",
    // Next would exit before its runs are closed (lib/server/start.ts). In development it has more to clean up than we know of.
    NEXT_MANUAL_SIG_HANDLE: options.development ? "" : "true",
  });
  const start = async (again?: number) => {
    const health = healthProbe(port, again === undefined ? isWell : servesPages);
    try {
      return await startChild({
        name: "web",
        program: process.execPath,
        words: [next, options.development ? "dev" : "start", "-H", "127.0.0.1", "-p", String(port)],
        env,
        logs: join(dataFolder, "logs"),
        answers: health.answers,
        // Until it has asked its models, or has said why it could not.
        patience: CONNECT_MS + 30_000,
        drain: 10_000,
      });
    } catch (error) {
      if (!(error instanceof StartError) || !/did not answer/.test(error.message)) throw error;
      throw new StartError(`${error.message} Its health: ${health.complaint()}`, error.cure, { cause: error });
    }
  };
  await step("Web server", () => supervisor.add({ name: "Web server", start }));
}
