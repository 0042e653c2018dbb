import { randomInt } from "node:crypto";
import type { Grammar } from "../backend.ts";
import { badRequest } from "../errors.ts";
import type { Job, Priority } from "../job.ts";
import { anyObjectGrammar } from "../json-grammar.ts";
import type { TokenScore } from "../prefixes.ts";
import { schemaGrammar } from "../schema-grammar.ts";
import { createTextStream, type TextPiece } from "../text.ts";
import type { Engine } from "./engine.ts";
import type { ResponseFormat } from "./schema.ts";

/** A request of either kind, once it is understood. */
export interface Generation {
  readonly prompts: readonly (readonly number[])[];
  readonly count: number;
  readonly priority: Priority;
  readonly mostTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly seed: number | null;
  readonly stops: readonly string[];
  readonly grammar: Grammar | null;
  readonly alternatives: number | null;
  /** How many of a prompt's last tokens are to be scored. */
  readonly scored: (prompt: readonly number[]) => number;
}

export type FinishReason = "stop" | "length";

/** Told of each choice (numbered prompt by prompt) in this order: scores, piece…, finished; or failed, once, of all. */
export interface GenerationSink {
  scores(choice: number, scores: readonly (TokenScore | null)[]): void;
  piece(choice: number, piece: TextPiece<TokenScore>): void;
  finished(choice: number, reason: FinishReason): void;
}

export interface GenerationUsage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
}

/** Like llama.cpp's own server, the far tail is never drawn from unless asked for: a small model's tail is noise. */
export const defaultTopK = 64;

/** Runs all choices at once. Rejects with the first failure (the others are then dropped) or when aborted. */
export async function generate(
  engine: Engine,
  generation: Generation,
  sink: GenerationSink,
  signal: AbortSignal,
): Promise<GenerationUsage> {
  const drop = new AbortController();
  const both = AbortSignal.any([signal, drop.signal]);
  const cached = generation.prompts.map(() => Number.POSITIVE_INFINITY);
  let completionTokens = 0;
  const ends: Promise<void>[] = [];
  const jobs = generation.prompts.flatMap((prompt, promptIndex) =>
    Array.from({ length: generation.count }, (_, sample): Job => {
      const choice = promptIndex * generation.count + sample;
      const stream = createTextStream<TokenScore>(engine.model.vocabulary, generation.stops);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      ends.push(promise);
      return {
        ...generation,
        prompt,
        scored: generation.scored(prompt),
        seed: generation.seed === null ? randomInt(2 ** 32) : (generation.seed + sample) >>> 0,
        mostTokens: Math.min(generation.mostTokens, engine.contextTokens - prompt.length),
        signal: both,
        listener: {
          started: (tokens) => {
            cached[promptIndex] = Math.min(cached[promptIndex] ?? tokens, tokens);
          },
          scores: (scores) => sink.scores(choice, scores),
          token(token, score) {
            completionTokens++;
            const { piece, stopped } = stream.push(token, score);
            if (piece.text !== "" || piece.marks.length > 0) sink.piece(choice, piece);
            return !stopped;
          },
          ended(reason) {
            const piece = stream.flush();
            if (piece.text !== "" || piece.marks.length > 0) sink.piece(choice, piece);
            sink.finished(choice, reason);
            resolve();
          },
          failed: reject,
        },
      };
    }),
  );
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    engine.scheduler.submit(jobs);
    await Promise.race([Promise.all(ends), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    drop.abort();
    for (const end of ends) end.catch(() => undefined);
  }
  return {
    promptTokens: generation.prompts.reduce((sum, prompt) => sum + prompt.length, 0),
    cachedTokens: cached.reduce((sum, tokens) => sum + (Number.isFinite(tokens) ? tokens : 0), 0),
    completionTokens,
  };
}

const grammars = new Map<string, Grammar>();
const mostGrammars = 64;
const schemaParam = "response_format.json_schema.schema";

function compiled(engine: Engine, text: string): Grammar {
  try {
    return engine.model.compileGrammar(text);
  } catch {
    // A schema that refers to itself without writing anything first, for one.
    throw badRequest("The schema cannot be turned into a grammar.", schemaParam);
  }
}

/** @throws ApiError 400 where the schema cannot be turned into a grammar. */
export function grammarOf(engine: Engine, format: ResponseFormat | null | undefined): Grammar | null {
  if (!format || format.type === "text") return null;
  const text =
    format.type === "json_object" ? anyObjectGrammar() : schemaGrammar(format.json_schema.schema, schemaParam);
  const known = grammars.get(text);
  if (known) return known;
  const grammar = compiled(engine, text);
  if (grammars.size >= mostGrammars) grammars.clear();
  grammars.set(text, grammar);
  return grammar;
}
