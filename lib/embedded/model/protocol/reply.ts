import type { ServerResponse } from "node:http";
import { ApiError } from "../errors.ts";
import type { GenerationUsage } from "./generate.ts";

/** Writes server-sent events. Headers go out with the first event, so an early failure still has its status code. */
export interface EventStream {
  send(data: unknown): void;
  end(): void;
}

export function openEvents(response: ServerResponse): EventStream {
  const begin = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      connection: "keep-alive",
    });
  };
  return {
    send(data) {
      begin();
      response.write(`data: ${JSON.stringify(data)}\n\n`);
    },
    end() {
      begin();
      response.end("data: [DONE]\n\n");
    },
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** An error as the client expects it: a status where nothing was sent yet, else an event and the end of the stream. */
export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError ? error : new ApiError(500, error instanceof Error ? error.message : String(error));
  if (response.destroyed || response.writableEnded) return;
  if (!response.headersSent) {
    const retry = known.retryAfterSeconds;
    sendJson(response, known.status, known.body(), retry === null ? {} : { "retry-after": String(retry) });
    return;
  }
  response.end(`data: ${JSON.stringify(known.body())}\n\n`);
}

export function usageBody(usage: GenerationUsage) {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
  };
}
