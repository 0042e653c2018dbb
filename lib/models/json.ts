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

/** The first whole JSON object of a text: models wrap it in prose and fences. Undefined where there is none. */
export function firstObject(text: string): unknown {
  for (let start = text.indexOf("{"); start >= 0; start = text.indexOf("{", start + 1)) {
    for (let end = text.lastIndexOf("}"); end > start; end = text.lastIndexOf("}", end - 1)) {
      try {
        return JSON.parse(text.slice(start, end + 1));
      } catch {
        // A longer or shorter piece may still be whole.
      }
    }
  }
  return undefined;
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
