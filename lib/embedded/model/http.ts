import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ApiError, badRequest } from "./errors.ts";
import type { Priority } from "./job.ts";
import { answerChat } from "./protocol/chat.ts";
import { answerCompletion } from "./protocol/completions.ts";
import type { Engine } from "./protocol/engine.ts";
import { sendError, sendJson } from "./protocol/reply.ts";

const mostBodyBytes = 8e6;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBodyBytes) throw new ApiError(413, `The body is larger than ${mostBodyBytes / 1e6} MB.`);
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw badRequest("The body is not valid JSON.");
  }
}

function checkKey(request: IncomingMessage, key: string | null): void {
  if (key === null) return;
  const given = Buffer.from(request.headers.authorization?.replace(/^Bearer /, "") ?? "");
  const expected = Buffer.from(key);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new ApiError(401, "Incorrect API key provided.", { code: "invalid_api_key" });
}

function checkModel(engine: Engine, body: unknown): void {
  if (typeof body !== "object" || body === null || !("model" in body)) return;
  const { model } = body;
  if (typeof model !== "string" || model === engine.modelId) return;
  throw new ApiError(404, `The model '${model}' does not exist here; this server has '${engine.modelId}'.`, {
    param: "model",
    code: "model_not_found",
  });
}

const priorityOf = (request: IncomingMessage): Priority =>
  request.headers["x-parley-priority"] === "background" ? "background" : "foreground";

function modelBody(engine: Engine) {
  return {
    id: engine.modelId,
    object: "model",
    created: 0,
    owned_by: "parley",
    context_length: engine.contextTokens,
    slots: engine.slots,
  };
}

async function route(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const want = (method: string): void => {
    if (request.method !== method)
      throw new ApiError(405, `${pathname} answers ${method} only.`, { code: "method_not_allowed" });
  };
  const closed = new AbortController();
  response.on("close", () => closed.abort(new Error("the client closed the connection")));
  switch (pathname) {
    case "/health":
      want("GET");
      return sendJson(response, 200, { status: "ok", model: engine.modelId, ...engine.scheduler.status() });
    case "/v1/models":
      want("GET");
      return sendJson(response, 200, { object: "list", data: [modelBody(engine)] });
    case `/v1/models/${engine.modelId}`:
      want("GET");
      return sendJson(response, 200, modelBody(engine));
    case "/v1/chat/completions":
    case "/v1/completions": {
      want("POST");
      const body = await readJson(request);
      checkModel(engine, body);
      const answer = pathname === "/v1/completions" ? answerCompletion : answerChat;
      return answer(engine, body, priorityOf(request), response, closed.signal);
    }
    default:
      throw new ApiError(404, `There is nothing at ${pathname}.`, { code: "not_found" });
  }
}

/** Longer than clients keep an unused connection, so that it is they who close it and never a request that is lost. */
const keepAliveMs = 75_000;

export function createHttpServer(engine: Engine, key: string | null): Server {
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    void (async () => {
      try {
        if (request.url !== "/health") checkKey(request, key);
        await route(engine, request, response);
      } catch (error) {
        sendError(response, error);
        // What is left of an unread body would be taken for the next request.
        if (!request.complete) request.resume();
      }
    })();
  });
  server.keepAliveTimeout = keepAliveMs;
  return server;
}
