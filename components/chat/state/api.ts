import {
  type ConversationSummary,
  type ConversationView,
  conversationListSchema,
  conversationViewSchema,
  errorBodySchema,
  type Settings,
  settingsSchema,
} from "@/lib/shared/chat.ts";
import type { FeedbackBody } from "@/lib/shared/feedback.ts";
import { type DecisionView, decisionViewSchema } from "@/lib/shared/record.ts";
import type { ImplicitBody } from "@/lib/shared/routes.ts";

/** An answer of the server that is not success. `message` is the server's own and says what to do. */
export type ApiError = Error & { name: "ApiError"; status: number; code: string; runId: string | null };
/** No answer at all: the network, or the server, is away. */
export type NetworkError = Error & { name: "NetworkError" };
export type Failure = ApiError | NetworkError;

export function networkFailure(): NetworkError {
  const message = "Parley can't be reached. Check the connection and try again.";
  return Object.assign(new Error(message), { name: "NetworkError" as const });
}

export function isFailure(value: unknown): value is Failure {
  return value instanceof Error && (value.name === "ApiError" || value.name === "NetworkError");
}

/** What to tell a person about anything that was thrown. */
export function sayWhy(cause: unknown): string {
  if (isFailure(cause)) return cause.message;
  return "Something went wrong in the page. Reload it; nothing you sent is lost.";
}

/** fetch, with its two ways to fail made one type. Aborts pass through as they are. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: "no-store", credentials: "same-origin" });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw networkFailure();
  }
  if (response.ok) return response;
  throw await readError(response);
}

async function readError(response: Response): Promise<ApiError> {
  const body = errorBodySchema.safeParse(await response.json().catch(() => null));
  const fallback =
    response.status >= 500
      ? "The server had a problem. Try again in a moment."
      : `The server refused this (status ${response.status}).`;
  return Object.assign(new Error(body.data?.error.message ?? fallback), {
    name: "ApiError" as const,
    status: response.status,
    code: body.data?.error.code ?? `http_${response.status}`,
    runId: body.data?.error.runId ?? null,
  });
}

export function send(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<Response> {
  return request(path, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
    // A deletion or a word of feedback sent while the page goes away still arrives.
    keepalive: method !== "POST" || path.endsWith("/feedback"),
  });
}

const segment = encodeURIComponent;

/** The JSON routes. Every one throws a `Failure`. */
export const api = {
  conversations: async (): Promise<ConversationSummary[]> =>
    conversationListSchema.parse(await (await request("/api/conversations")).json()).conversations,
  search: async (words: string): Promise<ConversationSummary[]> =>
    conversationListSchema.parse(await (await request(`/api/search?words=${segment(words)}`)).json()).conversations,
  conversation: async (id: string): Promise<ConversationView> =>
    conversationViewSchema.parse(await (await request(`/api/conversations/${segment(id)}`)).json()),
  patchConversation: (id: string, change: { title?: string; pinned?: boolean; leafId?: string }) =>
    send("PATCH", `/api/conversations/${segment(id)}`, change),
  deleteConversation: (id: string) => send("DELETE", `/api/conversations/${segment(id)}`),
  stop: (runId: string) => send("POST", `/api/runs/${segment(runId)}/stop`),
  answerNow: (runId: string) => send("POST", `/api/runs/${segment(runId)}/answer-now`),
  use: (messageId: string, candidateId: string) =>
    send("POST", `/api/messages/${segment(messageId)}/use`, { candidateId }),
  decision: async (messageId: string): Promise<DecisionView> =>
    decisionViewSchema.parse(await (await request(`/api/messages/${segment(messageId)}/decision`)).json()),
  feedback: (messageId: string, body: FeedbackBody) =>
    send("POST", `/api/messages/${segment(messageId)}/feedback`, body),
  /** What a person did with a reply, unasked; never worth a word when it fails. */
  implicit: (messageId: string, action: ImplicitBody["action"]) =>
    send("POST", `/api/messages/${segment(messageId)}/implicit`, { action } satisfies ImplicitBody),
  deleteEverything: () => send("DELETE", "/api/data"),
  settings: async (): Promise<Settings> => settingsSchema.parse(await (await request("/api/settings")).json()),
  saveSettings: (change: Partial<Settings>) => send("PATCH", "/api/settings", change),
};
