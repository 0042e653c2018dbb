import { createOpenAI } from "@ai-sdk/openai";
import { createLimiter, type Limiter, type Priority } from "./limiter.ts";
import type { CallLog } from "./log.ts";
import { defaultRetry, type RetryOptions } from "./retry.ts";
import { defaultTimeouts, type Timeouts } from "./timeouts.ts";

/** A chat model as the AI SDK's provider interface knows it (never a string id, which would go to a gateway). */
export type ChatModel = ReturnType<ReturnType<typeof createOpenAI>["chat"]>;

export interface EndpointOptions {
  /** With its `/v1`. Unset: OpenAI itself. */
  baseURL?: string | undefined;
  apiKey?: string | undefined;
  /** Calls at once, before the endpoint's slots are known. */
  limit?: number;
  timeouts?: Partial<Timeouts>;
  retry?: Partial<RetryOptions>;
  /** Every try of every call, as data. */
  onCall?: (call: CallLog) => void;
}

export interface Endpoint {
  readonly baseURL: string;
  chat(model: string): ChatModel;
  /** Headers of a raw request (completions, probes). Holds the key: never log it. */
  headers(priority: Priority): Record<string, string>;
  readonly limiter: Limiter;
  readonly timeouts: Timeouts;
  readonly retry: RetryOptions;
  report(call: CallLog): void;
}

/** engine.md section 3: calls at once = min(24, the server's slots). */
export const mostCallsAtOnce = 24;
const cautiousLimit = 8;

/** Background work says so; an endpoint that knows the header lets foreground calls pass. */
export const priorityHeaders = (priority: Priority): Record<string, string> =>
  priority === "background" ? { "x-parley-priority": "background" } : {};

export function createEndpoint(options: EndpointOptions = {}): Endpoint {
  const baseURL = (options.baseURL ?? "https://api.openai.com/v1").replace(/\/+$/, "");
  // Local servers need no key, but the SDK insists on one; an empty one would make it read the environment.
  const apiKey = options.apiKey || "none";
  const provider = createOpenAI({ baseURL, apiKey });
  return {
    baseURL,
    chat: (model) => provider.chat(model),
    headers: (priority) => ({
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      ...priorityHeaders(priority),
    }),
    limiter: createLimiter(options.limit ?? cautiousLimit),
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    retry: { ...defaultRetry, ...options.retry },
    report: (call) => options.onCall?.(call),
  };
}
