import { ensureWeights, smolLm } from "../weights.ts";
import { type ModelServer, type ModelServerOptions, startModelServer } from "./start.ts";

/** Support for tests on the real 135M model. Its weights are fetched where they are missing; a test never skips. */
export async function startTestServer(options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  const modelPath = await ensureWeights(smolLm);
  return startModelServer({ modelPath, modelId: "small", port: 0, slots: 8, context: 1_024, threads: 1, ...options });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects; a wrong shape fails it
  readonly body: any;
}

export async function post(
  server: { readonly url: string },
  path: string,
  body: unknown,
  options: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...options.headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The events of a streamed answer, without the closing [DONE]; fails where that is missing. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export async function stream(server: { readonly url: string }, path: string, body: object): Promise<any[]> {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify({ ...body, stream: true }) });
  const events = (await response.text()).split("\n\n").filter((event) => event !== "");
  if (events.at(-1) !== "data: [DONE]") throw new Error(`the stream does not end: ${events.at(-1)}`);
  return events.slice(0, -1).map((event) => JSON.parse(event.replace(/^data: /, "")));
}

export const user = (content: string) => [{ role: "user" as const, content }];

/** Waits until the server serves and holds nothing, at most ten seconds. */
export async function idle(server: ModelServer): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    const { live, queued } = server.scheduler.status();
    if (live === 0 && queued === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the server is not idle: ${JSON.stringify(server.scheduler.status())}`);
}
