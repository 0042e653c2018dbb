import type { z } from "zod";
import type { CallInfo } from "./call.ts";
import { type ChatMessage, chat } from "./chat.ts";
import { ModelError } from "./errors.ts";
import { type Context, reasoningTokens, seedOf } from "./served.ts";

export interface JsonRequest<Schema extends z.ZodType> {
  messages: readonly ChatMessage[];
  maxTokens: number;
  /** What the answer must be. */
  parser: Schema;
  /** The same for endpoints that can be held to a schema. */
  schema: { name: string; schema: Record<string, unknown> };
}

/** Braces that prose may hold before the object itself; a text of nothing but braces must not cost seconds. */
const mostTries = 50;

/** The first whole JSON object of a text: models wrap it in prose and fences. Undefined where there is none. */
export function firstObject(text: string): unknown {
  let start = text.indexOf("{");
  for (let tries = 0; start >= 0 && tries < mostTries; tries += 1) {
    const end = closing(text, start);
    try {
      if (end > start) return JSON.parse(text.slice(start, end + 1));
    } catch {
      // Braces of the prose: the object may come after them.
    }
    start = text.indexOf("{", start + 1);
  }
  return undefined;
}

/** Where the brace at `start` is closed, braces inside strings apart; -1 where it is not. */
function closing(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === "\\") at += 1;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "{") depth += 1;
    else if (sign === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** One structured call; what cannot be read is asked for once more with another seed. Throws ModelError `model_malformed`. */
export async function askJson<Schema extends z.ZodType>(
  context: Context,
  info: CallInfo,
  request: JsonRequest<Schema>,
): Promise<z.infer<Schema>> {
  for (let round = 0; ; round += 1) {
    const result = await chat({
      ...info,
      seed: seedOf(info, round),
      messages: request.messages,
      maxTokens: request.maxTokens,
      // The same question at temperature 0 would give the same broken answer again.
      temperature: round === 0 ? 0 : 0.5,
      schema: context.capabilities.jsonSchema ? request.schema : undefined,
      reasoningTokens: reasoningTokens(context.capabilities),
    });
    const parsed = request.parser.safeParse(firstObject(result.text));
    if (parsed.success) return parsed.data;
    if (round === 1) {
      context.note(`the model's structured answer (${request.schema.name}) could not be read, twice`);
      throw new ModelError("model_malformed", "The model's structured answer could not be read, twice.", {
        cause: parsed.error,
      });
    }
  }
}
