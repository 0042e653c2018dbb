import { z } from "zod";
import { badRequest } from "../errors.ts";

const text = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal("text"), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join("")),
]);

const message = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: text.nullish().transform((content) => content ?? ""),
});
export type ChatMessage = z.infer<typeof message>;

const stop = z
  .union([z.string().transform((one) => [one]), z.array(z.string()).max(16)])
  .nullish()
  .transform((stops) => (stops ?? []).filter((one) => one !== ""));

const shared = {
  model: z.string().nullish(),
  n: z.int().min(1).max(128).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  /** Beyond OpenAI: llama.cpp's own names. */
  top_k: z.int().min(0).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  seed: z.int().nullish(),
  stop,
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
};

const responseFormat = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({ type: z.literal("json_schema"), json_schema: z.object({ schema: z.unknown() }) }),
]);
export type ResponseFormat = z.infer<typeof responseFormat>;

export const chatRequest = z.object({
  ...shared,
  messages: z.array(message).min(1),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  response_format: responseFormat.nullish(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

const token = z.int().min(0);
export const completionRequest = z.object({
  ...shared,
  prompt: z
    .union([z.string(), z.array(z.string()).min(1), z.array(token).min(1), z.array(z.array(token).min(1)).min(1)])
    .nullish()
    .transform((prompt) => prompt ?? ""),
  max_tokens: z.int().min(0).nullish(),
  logprobs: z.int().min(0).max(20).nullish(),
  echo: z.boolean().nullish(),
  /** Beyond OpenAI: with echo, score only so many of the last tokens (default and most 256). */
  echo_last: z.int().min(1).max(256).nullish(),
  /** Beyond OpenAI: with echo, score only tokens that begin at or behind this character of the prompt (most 256). */
  echo_from: z.int().min(0).nullish(),
  response_format: responseFormat.nullish(),
});
export type CompletionRequest = z.infer<typeof completionRequest>;

/** @throws ApiError 400 with `param` for the first thing that is wrong. Unknown fields are ignored. */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const param = path.map((part, index) =>
    typeof part === "number" ? `[${part}]` : `${index ? "." : ""}${String(part)}`,
  );
  throw badRequest(
    param.length > 0 ? `Invalid value for '${param.join("")}': ${issue?.message}` : "The body must be a JSON object.",
    param.length > 0 ? param.join("") : null,
  );
}
