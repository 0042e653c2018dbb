import { join } from "node:path";
import { startChild } from "../../lib/embedded/child.ts";
import { keepSecret } from "../../lib/embedded/secret.ts";
import { StartError } from "../../lib/embedded/start-error.ts";
import type { Supervisor } from "../../lib/embedded/supervise.ts";
import { childEnvironment, type Environment } from "../../lib/server/env.ts";
import { root } from "../steps/root.js";
import { step } from "../steps/say.js";

export type WebOptions = { databaseUrl: string; development: boolean; modelVariables: Record<string, string> };

/** Asks the contract's health route until it is well, and remembers what it complained of last. */
function healthProbe(port: number) {
  let complaint = "it does not answer at all";
  const answers = async (): Promise<number | undefined> => {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(15_000) });
      complaint = (await response.text()).slice(0, 300);
      return response.ok ? port : undefined;
    } catch {
      return undefined;
    }
  };
  return { answers, complaint: () => complaint };
}

/** Starts the web server and waits until it, its database and its model are well. */
export async function startWeb(settings: Environment, supervisor: Supervisor, options: WebOptions): Promise<void> {
  const { port, dataFolder } = settings;
  const next = join(root, "node_modules/next/dist/bin/next");
  const env = childEnvironment({
    ...options.modelVariables,
    DATABASE_URL: options.databaseUrl,
    PARLEY_SECRET: settings.secret ?? keepSecret(dataFolder),
    PORT: String(port),
    NODE_ENV: options.development ? "development" : "production",
  });
  const start = async () => {
    const health = healthProbe(port);
    try {
      return await startChild({
        name: "web",
        program: process.execPath,
        words: [next, options.development ? "dev" : "start", "-H", "127.0.0.1", "-p", String(port)],
        env,
        logs: join(dataFolder, "logs"),
        answers: health.answers,
        patience: 60_000,
        drain: 10_000,
      });
    } catch (error) {
      if (!(error instanceof StartError) || !/did not answer/.test(error.message)) throw error;
      throw new StartError(`${error.message} Its health: ${health.complaint()}`, error.cure, { cause: error });
    }
  };
  await step("Web server", () => supervisor.add({ name: "Web server", start }));
}
