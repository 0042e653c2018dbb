import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type CallBook, createCallBook } from "./calls.ts";
import { clarityJson, type Played, play, topicOf } from "./play.ts";
import { normal, randomOf } from "./random.ts";
import { type Asked, recogniseChat, recogniseCompletion } from "./roles.ts";
import { type Failure, namedScenario, type Scenario, scenarioSchema, type Topic } from "./scenario.ts";
import { playSlots } from "./slots.ts";
import { type Line, textOf, words } from "./tokens.ts";
import { type Sending, sendChat, sendCompletion, sendError, sendJson, streamChat } from "./wire.ts";

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

const bodySchema = z.looseObject({
  model: z.string().optional(),
  stream: z.boolean().nullish(),
  seed: z.number().nullish(),
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  prompt: z.string().optional(),
  echo: z.boolean().nullish(),
  logprobs: z.union([z.boolean(), z.number()]).nullish(),
  top_logprobs: z.number().nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]),
      }),
    )
    .optional(),
});
type Body = z.infer<typeof bodySchema>;

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
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) {
        if (seen.state === "active") seen.state = "aborted";
        gone.abort();
      }
    });

    const failure = fate(playing, asked, random);
    const delay = playing.latency.medianMs * Math.exp(playing.latency.sigma * normal(random));
    if (delay > 0) await sleep(delay, undefined, { signal: gone.signal }).catch(() => {});
    if (gone.signal.aborted) return;
    if (failure === "500" || failure === "401" || failure === "429") {
      seen.state = "failed";
      const wait = failure === "429" ? { "retry-after": String(playing.retryAfterSeconds) } : {};
      return sendError(response, Number(failure), `scripted ${failure}`, wait);
    }

    const played = playedBy(playing, asked, body, completion, random);
    const line = failure === "malformed" ? spoilt(played.line, asked) : played.line;
    const sending = sendingOf(seen.id, playing, body, line, played.tokens, text, failure, gone.signal, () => {
      seen.tokens += 1;
    });
    const end = (): void => {
      if (seen.state === "active") seen.state = failure === "disconnect" ? "failed" : "done";
    };
    // A broken connection is the scenario's doing, not the client's.
    if (failure === "disconnect") response.once("close", end);
    if (completion) {
      sendCompletion(response, sending, body.echo ? echoOf(body.prompt ?? "", played.less ?? 0) : null);
    } else if (body.stream) await streamChat(response, sending);
    else await sendChat(response, sending);
    if (!gone.signal.aborted) end();
  }

  /** What goes wrong with this call: the topic's own failure, else a draw from the seed. */
  function fate(playing: Scenario, asked: Asked, random: () => number): Failure | null {
    const draw = random();
    if (asked.role === "probe") return null;
    const topic = topicOf(playing, asked);
    if (topic?.fail && (topic.failRoles?.includes(asked.role) ?? true)) {
      const times = (failed.get(topic) ?? 0) + 1;
      failed.set(topic, times);
      if (times <= (topic.failTimes ?? Number.POSITIVE_INFINITY)) return topic.fail;
    }
    const { errors, malformed, disconnects, rateLimited } = playing.trouble;
    // Free text has no form to break.
    const formed = ["clarity", "table", "judge", "helps"].includes(asked.role);
    const shares: [Failure, number][] = [
      ["500", errors],
      ["malformed", formed ? malformed : 0],
      ["disconnect", disconnects],
      ["429", rateLimited],
    ];
    let left = draw;
    for (const [failure, share] of shares) {
      if (left < share) return failure;
      left -= share;
    }
    return null;
  }

  function playedBy(playing: Scenario, asked: Asked, body: Body, completion: boolean, random: () => number): Played {
    const json = body.response_format?.type === "json_schema";
    if (asked.role === "probe" && asked.clear === undefined && json && playing.can.jsonSchema)
      return { line: words('{"ready": true}'), topic: null };
    const world = playSlots(playing.instances, asked, random, playing.can.logprobs);
    if (world) return { ...world, topic: null };
    const played = play(playing, asked, random);
    if (asked.role === "clarity" && !completion)
      return { ...played, line: clarityJson((played.topic ?? { clear: 0.95 }).clear) };
    return played;
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

/** Text that is whole as a stream but not what was asked for: half of the JSON, or words where a digit or a yes belongs. */
const spoilt = (line: Line, asked: Asked): Line =>
  asked.role === "judge" || asked.role === "helps"
    ? words(" I would rather not say.")
    : words(textOf(line).slice(0, Math.max(1, textOf(line).length >> 1)));

/** The prompt's own tokens with probabilities; the reply's are less likely by `less` nats each. */
const echoOf = (prompt: string, less: number): Line => {
  const reply = prompt.lastIndexOf("Reply:") + "Reply:".length;
  let at = 0;
  return words(prompt).map((token) => {
    at += token.token.length;
    const logprob = at > reply ? -1 - less : -1;
    return { ...token, logprob, top: [{ token: token.token, logprob }] };
  });
};

function sendingOf(
  id: number,
  scenario: Scenario,
  body: Body,
  line: Line,
  tokens: number | undefined,
  prompt: string,
  failure: Failure | null,
  gone: AbortSignal,
  sent: () => void,
): Sending {
  const most = body.max_tokens ?? body.max_completion_tokens ?? Number.POSITIVE_INFINITY;
  const asked = typeof body.logprobs === "number" ? body.logprobs : body.logprobs ? (body.top_logprobs ?? 0) : null;
  const kept = line.slice(0, most);
  return {
    id: `scripted-${id}`,
    model: body.model ?? scenario.model,
    line: kept,
    finish: kept.length < line.length ? "length" : "stop",
    promptTokens: Math.ceil(prompt.length / 4),
    completionTokens: tokens ?? kept.length,
    logprobs: scenario.can.logprobs ? asked : null,
    tokenMs: scenario.latency.tokenMs,
    failure,
    sent,
    gone,
  };
}
