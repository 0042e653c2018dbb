import { type ApiError, badRequest } from "../errors.ts";
import type { Engine } from "./engine.ts";

const tooLong = (engine: Engine, size: string, param: string): ApiError =>
  badRequest(
    `This model's maximum context length is ${engine.contextTokens} tokens. However, your messages resulted in ${size}. Please reduce the length of the messages.`,
    param,
    "context_length_exceeded",
  );

/** What can never be queued is refused before anything is made of it. */
export function checkCount(engine: Engine, prompts: number, samples: number, param: string): void {
  const texts = prompts * samples;
  if (texts <= engine.mostQueued) return;
  throw badRequest(`The request asks for ${texts} texts; at most ${engine.mostQueued} are taken at once.`, param);
}

/** Tokenizing stops everybody's streams: what cannot fit, be all tokens the longest and each text but one, is refused before. */
export function checkSize(engine: Engine, texts: readonly string[], param: string): void {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const least = Math.max(texts.length, Math.ceil(bytes / engine.model.vocabulary.longestToken));
  if (least > engine.contextTokens) throw tooLong(engine, `at least ${least} tokens`, param);
}

/** @throws ApiError 400 `context_length_exceeded`. */
export function checkLength(engine: Engine, prompt: readonly number[], mostTokens: number, param: string): void {
  const room = mostTokens > 0 ? engine.contextTokens - 1 : engine.contextTokens;
  if (prompt.length === 0) throw badRequest("The prompt is empty.", param);
  if (prompt.length > room) throw tooLong(engine, `${prompt.length} tokens`, param);
}
