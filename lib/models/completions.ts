import { z } from "zod";
import { type CallInfo, call } from "./call.ts";
import type { TokenChoice } from "./chat.ts";
import { errorOfStatus, ModelError } from "./errors.ts";
import { estimateTokens, type Usage } from "./log.ts";

/**
 * The one file that posts raw `/v1/completions`: the SDK's completion model rewrites prompts into a transcript, and a
 * few-shot prompt read by its probabilities must arrive byte for byte.
 */
export interface CompletionRequest extends CallInfo {
  prompt: string;
  maxTokens: number;
  temperature: number;
  stop?: readonly string[];
  /** Alternatives a token. */
  logprobs?: number;
  /** Also return the prompt's own tokens with their log-probabilities (echo scoring). */
  echo?: boolean;
  /** With echo: only tokens from this character on matter. The embedded server then scores no others; others ignore it. */
  echoFrom?: number;
}

/** Alternatives asked for where a completion is read by its next token's probabilities: what the probe asks for, too. */
export const alternatives = 20;

/** A token of the answer or, with echo, of the prompt. `logprob` is null where the endpoint has none (the first token). */
export interface ScoredToken extends Omit<TokenChoice, "logprob"> {
  logprob: number | null;
  /** Offset of the token's first character in the returned text. */
  offset: number;
}

export interface CompletionResult {
  text: string;
  finish: "stop" | "length";
  usage: Usage;
  tokens: ScoredToken[];
}

const legacy = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number().nullable()),
  top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
  text_offset: z.array(z.number()).nullish(),
});
/** llama.cpp's own server answers completions with the chat form. */
const chatForm = z.object({
  content: z.array(
    z.object({
      token: z.string(),
      logprob: z.number(),
      top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).nullish(),
    }),
  ),
});
const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        text: z.string(),
        finish_reason: z.string().nullish(),
        logprobs: z.union([legacy, chatForm]).nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number().nullish(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});
type Choice = z.infer<typeof answerSchema>["choices"][number];

function tokensOf(choice: Choice): ScoredToken[] {
  const { logprobs } = choice;
  if (!logprobs) return [];
  let offset = 0;
  const advance = (token: string): number => {
    offset += token.length;
    return offset - token.length;
  };
  if ("content" in logprobs)
    return logprobs.content.map((entry) => ({
      token: entry.token,
      logprob: entry.logprob,
      top: entry.top_logprobs ?? [],
      offset: advance(entry.token),
    }));
  return logprobs.tokens.map((token, index) => ({
    token,
    logprob: logprobs.token_logprobs[index] ?? null,
    top: Object.entries(logprobs.top_logprobs?.[index] ?? {}).map(([text, logprob]) => ({ token: text, logprob })),
    offset: logprobs.text_offset?.[index] ?? advance(token),
  }));
}

/** A raw completion, whole, with retries. Throws ModelError. */
export const complete = (request: CompletionRequest): Promise<CompletionResult> =>
  call(request, async (running) => {
    running.usage = { ...running.usage, tokensIn: estimateTokens(request.prompt) };
    const response = await fetch(`${request.endpoint.baseURL}/completions`, {
      method: "POST",
      headers: request.endpoint.headers(request.priority),
      signal: running.leash.signal,
      body: JSON.stringify({
        model: request.model,
        prompt: request.prompt,
        max_tokens: request.maxTokens,
        temperature: request.temperature,
        stop: request.stop?.length ? request.stop : undefined,
        logprobs: request.logprobs,
        echo: request.echo || undefined,
        echo_from: request.echoFrom,
        seed: request.seed,
      }),
    });
    const body = await response.text();
    if (!response.ok) throw errorOfStatus(response.status, body, response.headers.get("retry-after"));
    running.first();
    const answer = parse(body);
    const choice = answer.choices[0];
    if (!choice) throw malformed();
    const { usage } = answer;
    running.usage = usage
      ? {
          tokensIn: usage.prompt_tokens,
          tokensCached: usage.prompt_tokens_details?.cached_tokens ?? 0,
          tokensOut: usage.completion_tokens ?? 0,
          estimated: false,
        }
      : { ...running.usage, tokensOut: request.echo ? 0 : estimateTokens(choice.text) };
    return {
      text: choice.text,
      finish: choice.finish_reason === "length" ? "length" : "stop",
      usage: running.usage,
      tokens: tokensOf(choice),
    };
  });

const malformed = (cause?: unknown): ModelError =>
  new ModelError("model_malformed", "The model's endpoint sent an answer that cannot be read.", {
    cause,
    retryable: true,
  });

function parse(body: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw malformed(cause);
  }
}
