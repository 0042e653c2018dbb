import { beginTry, type CallInfo, call, failureOf, type Try, waitOrThrow } from "./call.ts";
import { type ChatModel, priorityHeaders } from "./endpoint.ts";
import { aborted, ModelError } from "./errors.ts";
import { estimateTokens, type Usage } from "./log.ts";

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/** Alternatives asked for where a chat's answer is read by its probabilities: what the probe asks for, too. */
export const chatAlternatives = 10;

/** One token's distribution, as far as the endpoint tells it. */
export interface TokenChoice {
  token: string;
  logprob: number;
  top: { token: string; logprob: number }[];
}

export interface ChatRequest extends CallInfo {
  messages: readonly ChatMessage[];
  maxTokens: number;
  temperature: number;
  stop?: readonly string[];
  /** How many alternatives a token to ask for; needs the capability. */
  logprobs?: number;
  /** A JSON schema to hold the answer to; needs the capability. */
  schema?: { name: string; schema: Record<string, unknown> } | undefined;
  /** Tokens a reasoning model may spend before its answer. */
  reasoningTokens?: number;
}

/** "stop" = the model ended; "length" = it was cut at `maxTokens`. */
export type Finish = "stop" | "length";

export interface ChatResult {
  text: string;
  finish: Finish;
  usage: Usage;
  tokens: TokenChoice[];
}

type StreamOptions = Parameters<ChatModel["doStream"]>[0];
type StreamPart =
  Awaited<ReturnType<ChatModel["doStream"]>>["stream"] extends ReadableStream<infer Part> ? Part : never;

function optionsOf(request: ChatRequest, signal: AbortSignal): StreamOptions {
  return {
    prompt: request.messages.map((message) =>
      message.role === "system"
        ? { role: "system" as const, content: message.content }
        : { role: message.role, content: [{ type: "text" as const, text: message.content }] },
    ),
    maxOutputTokens: request.maxTokens + (request.reasoningTokens ?? 0),
    temperature: request.temperature,
    ...(request.stop?.length ? { stopSequences: [...request.stop] } : {}),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(request.schema
      ? {
          responseFormat: {
            type: "json" as const,
            name: request.schema.name,
            schema: request.schema.schema as NonNullable<
              Extract<StreamOptions["responseFormat"], { type: "json" }>["schema"]
            >,
          },
        }
      : {}),
    headers: priorityHeaders(request.priority),
    abortSignal: signal,
    ...(request.logprobs === undefined ? {} : { providerOptions: { openai: { logprobs: request.logprobs } } }),
  };
}

/** An endpoint that ignores max_tokens must not talk for ever: this many characters a token is more than any language needs. */
const charactersPerToken = 16;

const tokensOf = (metadata: unknown): TokenChoice[] => {
  const entries = (metadata as { openai?: { logprobs?: unknown } } | undefined)?.openai?.logprobs;
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: { token: string; logprob: number; top_logprobs?: TokenChoice["top"] }) => ({
    token: entry.token,
    logprob: entry.logprob,
    top: (entry.top_logprobs ?? []).map(({ token, logprob }) => ({ token, logprob })),
  }));
};

/** One try, piece by piece. Ends with the result; throws what went wrong, `broken` where the stream ended too early. */
async function* pieces(request: ChatRequest, running: Try): AsyncGenerator<string, ChatResult> {
  let text = "";
  let tokens: TokenChoice[] = [];
  let finish: Finish = "stop";
  const count = (): void => {
    running.usage = {
      tokensIn: estimateTokens(request.messages.map((message) => message.content).join("\n")),
      tokensCached: 0,
      tokensOut: estimateTokens(text),
      estimated: true,
    };
  };
  count();
  const { stream } = await request.endpoint.chat(request.model).doStream(optionsOf(request, running.leash.signal));
  let whole = false;
  for await (const part of stream as unknown as AsyncIterable<StreamPart>) {
    running.leash.alive();
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta" && part.delta) {
      running.first();
      text += part.delta;
      count();
      yield part.delta;
      if (text.length > (request.maxTokens + 64) * charactersPerToken) {
        finish = "length";
        whole = true;
        break;
      }
    }
    if (part.type === "finish") {
      if (part.finishReason.unified === "error" || part.finishReason.unified === "interrupted")
        throw new ModelError("model_broken", "The model's answer broke off.", { retryable: true });
      if (part.finishReason.unified === "length") finish = "length";
      const { inputTokens, outputTokens } = part.usage;
      if (inputTokens.total !== undefined && outputTokens.total !== undefined)
        running.usage = {
          tokensIn: inputTokens.total,
          tokensCached: inputTokens.cacheRead ?? 0,
          tokensOut: outputTokens.total,
          estimated: false,
        };
      tokens = tokensOf(part.providerMetadata);
      whole = true;
    }
  }
  if (!whole) throw new ModelError("model_broken", "The model's answer broke off.", { retryable: true });
  return { text, finish, usage: running.usage, tokens };
}

/** A chat completion, whole. Retries as `call` does. Throws ModelError. */
export const chat = (request: ChatRequest): Promise<ChatResult> =>
  call(request, async (running) => {
    const stream = pieces(request, running);
    for (;;) {
      const next = await stream.next();
      if (next.done) return next.value;
    }
  });

/**
 * A chat completion as it comes. Retried only until the first piece was handed out; after that a failure is thrown and
 * what was shown stands. Leaving the loop early closes the connection. Throws ModelError.
 */
export async function* chatStream(request: ChatRequest): AsyncGenerator<string, ChatResult> {
  for (let attempt = 1; ; attempt += 1) {
    if (request.signal.aborted) throw aborted(request.signal.reason);
    const running = await beginTry(request, attempt);
    let shown = false;
    let ended = false;
    let failure: ModelError;
    const end = (reason?: ModelError): void => {
      if (ended) return;
      ended = true;
      running.end(reason);
    };
    try {
      const stream = pieces(request, running);
      for (;;) {
        const next = await stream.next();
        if (next.done) {
          end();
          return next.value;
        }
        shown = true;
        yield next.value;
      }
    } catch (cause) {
      failure = failureOf(cause, running);
      end(failure);
    } finally {
      // Only a reader that left early gets here with the try still open.
      end(aborted());
    }
    if (shown) throw failure;
    await waitOrThrow(request, failure, attempt);
  }
}
