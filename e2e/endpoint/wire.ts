import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Failure } from "./scenario.ts";
import { type Line, textOf } from "./tokens.ts";

/** How one answer is written to the wire. */
export interface Sending {
  id: string;
  model: string;
  line: Line;
  finish: "stop" | "length";
  promptTokens: number;
  completionTokens: number;
  /** Alternatives a token that the client asked for; null = no log-probabilities. */
  logprobs: number | null;
  tokenMs: number;
  failure: Failure | null;
  /** Counts the tokens that went out. */
  sent: () => void;
  /** Fires when the client is gone. */
  gone: AbortSignal;
}

const created = 1_760_000_000;
const usageOf = (sending: Sending) => ({
  prompt_tokens: sending.promptTokens,
  completion_tokens: sending.completionTokens,
  total_tokens: sending.promptTokens + sending.completionTokens,
  prompt_tokens_details: { cached_tokens: 0 },
});
const logprobsOf = (line: Line, most: number | null) =>
  most === null
    ? null
    : { content: line.map(({ token, logprob, top }) => ({ token, logprob, top_logprobs: top.slice(0, most) })) };

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export const sendError = (response: ServerResponse, status: number, message: string, headers = {}): void =>
  sendJson(response, status, { error: { message, type: "scripted_error", code: status } }, headers);

/** Waits, or ends early when the client is gone. */
const wait = async (ms: number, gone: AbortSignal): Promise<void> => {
  if (ms > 0) await sleep(ms, undefined, { signal: gone }).catch(() => {});
};
const forever = (gone: AbortSignal): Promise<void> => wait(2 ** 31 - 1, gone);

/** A chat completion in one piece. */
export async function sendChat(response: ServerResponse, sending: Sending): Promise<void> {
  for (const _ of sending.line) {
    await wait(sending.tokenMs, sending.gone);
    if (sending.gone.aborted) return;
    sending.sent();
  }
  if (sending.failure === "disconnect") return void response.destroy();
  sendJson(response, 200, {
    id: sending.id,
    object: "chat.completion",
    created,
    model: sending.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: textOf(sending.line) },
        logprobs: logprobsOf(sending.line, sending.logprobs),
        finish_reason: sending.finish,
      },
    ],
    usage: usageOf(sending),
  });
}

/** A chat completion as server-sent events, a token at a time. */
export async function streamChat(response: ServerResponse, sending: Sending): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const base = { id: sending.id, object: "chat.completion.chunk", created, model: sending.model };
  const send = (chunk: object): void => void response.write(`data: ${JSON.stringify({ ...base, ...chunk })}\n\n`);
  const piece = (content: string, from: Line): void =>
    send({
      choices: [{ index: 0, delta: { content }, logprobs: logprobsOf(from, sending.logprobs), finish_reason: null }],
    });
  send({ choices: [{ index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }] });

  const half = Math.max(1, sending.line.length >> 1);
  for (const [index, token] of sending.line.entries()) {
    await wait(sending.tokenMs, sending.gone);
    if (sending.gone.aborted) return;
    piece(token.token, [token]);
    sending.sent();
    if (sending.failure === "silence") return await forever(sending.gone);
    if (sending.failure === "disconnect" && index + 1 >= half) {
      // What was written must have left before the line goes dead.
      await wait(25, sending.gone);
      return void response.destroy();
    }
    if (sending.failure === "garbled") {
      response.write('data: {"choices": [{"delta": {"conte\n\n');
      break;
    }
  }
  while (sending.failure === "endless" && !sending.gone.aborted) {
    await wait(Math.max(1, sending.tokenMs), sending.gone);
    if (sending.gone.aborted) return;
    piece(" and", []);
    sending.sent();
  }
  send({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: sending.finish }] });
  send({ choices: [], usage: usageOf(sending) });
  response.end("data: [DONE]\n\n");
}

/** A raw completion; `prompt` tokens come first where it was asked to echo. */
export function sendCompletion(response: ServerResponse, sending: Sending, echo: Line | null): void {
  const line = [...(echo ?? []), ...sending.line];
  let at = 0;
  const offsets = line.map(({ token }) => {
    at += token.length;
    return at - token.length;
  });
  for (const _ of sending.line) sending.sent();
  sendJson(response, 200, {
    id: sending.id,
    object: "text_completion",
    created,
    model: sending.model,
    choices: [
      {
        index: 0,
        text: textOf(line),
        logprobs:
          sending.logprobs === null
            ? null
            : {
                tokens: line.map(({ token }) => token),
                // The first token of a prompt has no probability: nothing stands before it.
                token_logprobs: line.map(({ logprob }, index) => (echo && index === 0 ? null : logprob)),
                top_logprobs: line.map(({ top }) =>
                  Object.fromEntries(top.map((entry) => [entry.token, entry.logprob])),
                ),
                text_offset: offsets,
              },
        finish_reason: sending.finish,
      },
    ],
    usage: usageOf(sending),
  });
}
