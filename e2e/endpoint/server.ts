import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Body, bodySchema, echoOf, sendingOf, spoilt } from "./body.ts";
import { type CallBook, createCallBook } from "./calls.ts";
import { fate } from "./fate.ts";
import { clarityJson, type Played, play } from "./play.ts";
import { normal, randomOf } from "./random.ts";
import { type Asked, recogniseChat, recogniseCompletion } from "./roles.ts";
import { namedScenario, type Scenario, scenarioSchema, type Topic } from "./scenario.ts";
import { playSlots } from "./slots.ts";
import { words } from "./tokens.ts";
import { sendChat, sendCompletion, sendError, sendJson, streamChat } from "./wire.ts";

/** A test double: an OpenAI-compatible endpoint that plays assistant, person and judge from a scenario. Started by tests only. */
export interface ScriptedEndpoint {
  /** With `/v1`, as OPENAI_BASE_URL wants it. */
  readonly url: string;
  readonly port: number;
  setScenario(next: Scenario): void;
  calls(): ReturnType<CallBook["report"]>;
  clearCalls(): void;
  close(): Promise<void>;
}

export interface ScriptedOptions {
  scenario: Scenario;
  port?: number;
}

export async function startScriptedEndpoint(options: ScriptedOptions): Promise<ScriptedEndpoint> {
  let { scenario } = options;
  const book = createCallBook();
  /** How often the same request came: a retry must be able to meet another fate. */
  const repeats = new Map<string, number>();
  const failed = new Map<Topic, number>();

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 400, error instanceof Error ? error.message : "bad request");
      else response.destroy();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://double").pathname;
    const route = `${request.method} ${path}`;
    if (route === "GET /health" || route === "GET /v1/health") return sendJson(response, 200, { status: "ok" });
    if (route === "GET /v1/models") return sendJson(response, 200, modelsOf(scenario));
    if (route === "GET /props" && scenario.slots) return sendJson(response, 200, { total_slots: scenario.slots });
    if (route === "GET /__calls") return sendJson(response, 200, book.report());
    if (route === "DELETE /__calls") {
      book.clear();
      return sendJson(response, 200, {});
    }
    if (route === "POST /__scenario") {
      const wanted: unknown = JSON.parse(await bodyOf(request));
      const named = z.strictObject({ name: z.string() }).safeParse(wanted);
      set(named.success ? namedScenario(named.data.name) : scenarioSchema.parse(wanted));
      return sendJson(response, 200, { name: scenario.name });
    }
    const completion = route === "POST /v1/completions" && scenario.can.completions;
    if (!completion && route !== "POST /v1/chat/completions")
      return sendError(response, 404, `no such route: ${route}`);
    await generate(request, response, path, completion);
  }

  const set = (next: Scenario): void => {
    scenario = next;
    book.clear();
    repeats.clear();
    failed.clear();
  };

  async function generate(request: IncomingMessage, response: ServerResponse, path: string, completion: boolean) {
    const text = await bodyOf(request);
    const body = bodySchema.parse(JSON.parse(text));
    const playing = scenario;
    const asked = completion
      ? recogniseCompletion(body.prompt ?? "")
      : recogniseChat({ messages: (body.messages ?? []) as never });
    const nth = (repeats.get(text) ?? 0) + 1;
    repeats.set(text, nth);
    const random = randomOf(playing.seed, path, text, nth);
    const seen = book.begin({
      path,
      role: asked.role,
      priority: request.headers["x-parley-priority"] === "background" ? "background" : "foreground",
      stream: body.stream === true,
      seed: body.seed ?? null,
      maxTokens: body.max_tokens ?? body.max_completion_tokens ?? null,
    });
    const failure = fate(playing, asked, random, failed);
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) {
        // A broken connection is the scenario's doing, not the client's.
        if (seen.state === "active") seen.state = failure === "disconnect" ? "failed" : "aborted";
        gone.abort();
      }
    });

    const delay = playing.latency.medianMs * Math.exp(playing.latency.sigma * normal(random));
    if (delay > 0) await sleep(delay, undefined, { signal: gone.signal }).catch(() => {});
    if (gone.signal.aborted) return;
    if (failure === "500" || failure === "401" || failure === "408" || failure === "429") {
      seen.state = "failed";
      const wait = failure === "429" ? { "retry-after": String(playing.retryAfterSeconds) } : {};
      return sendError(response, Number(failure), `scripted ${failure}`, wait);
    }

    const played = playedBy(playing, asked, body, completion, random);
    if (failure === "malformed") book.spoil();
    const line = failure === "malformed" ? spoilt(played.line, asked) : played.line;
    const said = { ...played, line, failure, promptCharacters: text.length };
    const sending = sendingOf(playing, body, said, seen, gone.signal);
    if (completion) {
      // What is malformed about an echo is that it does not come.
      const echoes = body.echo === true && playing.can.echo && failure !== "malformed";
      sendCompletion(response, sending, echoes ? echoOf(body.prompt ?? "", played.less ?? 0) : null);
    } else if (body.stream) await streamChat(response, sending);
    else await sendChat(response, sending);
    if (!gone.signal.aborted && seen.state === "active") seen.state = "done";
  }

  function playedBy(playing: Scenario, asked: Asked, body: Body, completion: boolean, random: () => number): Played {
    const json = body.response_format?.type === "json_schema";
    if (asked.role === "probe" && asked.clear === undefined && json && playing.can.jsonSchema)
      return { line: words('{"ready": true}'), topic: null };
    const world = playSlots(playing.instances, asked, random, playing.can.logprobs);
    if (world) return { ...world, topic: null };
    const played = play(playing, asked, random);
    return asked.role === "clarity" && !completion
      ? { ...played, line: clarityJson(played.topic?.clear ?? 0.95) }
      : played;
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    setScenario: set,
    calls: () => book.report(),
    clearCalls: () => book.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const modelsOf = (scenario: Scenario) => ({
  object: "list",
  data: [
    {
      id: scenario.model,
      object: "model",
      owned_by: "parley-tests",
      ...(scenario.contextLength ? { context_length: scenario.contextLength } : {}),
    },
  ],
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
