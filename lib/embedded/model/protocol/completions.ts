import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { badRequest } from "../errors.ts";
import type { Priority } from "../job.ts";
import type { TokenScore } from "../prefixes.ts";
import type { Engine } from "./engine.ts";
import { defaultTopK, type FinishReason, type Generation, generate, grammarOf } from "./generate.ts";
import { checkCount, checkLength, checkSize } from "./limits.ts";
import { legacyLogprobs } from "./logprobs.ts";
import { openEvents, sendJson, usageBody } from "./reply.ts";
import { type CompletionRequest, completionRequest, parse } from "./schema.ts";

const mostScored = 256;
const decoder = new TextDecoder();

/** Each prompt, a text or token ids. */
function promptsOf(prompt: CompletionRequest["prompt"]): (string | number[])[] {
  if (typeof prompt === "string") return [prompt];
  const list: (string | number | number[])[] = prompt;
  const numbers = list.filter((one) => typeof one === "number");
  return numbers.length > 0 ? [numbers] : list.filter((one) => typeof one !== "number");
}

function tokensOf(engine: Engine, prompt: string | readonly number[], mostTokens: number): readonly number[] {
  const { vocabulary } = engine.model;
  if (typeof prompt === "string") checkSize(engine, [prompt], "prompt");
  const tokens = typeof prompt === "string" ? vocabulary.tokenize(prompt, true) : prompt;
  checkLength(engine, tokens, mostTokens, "prompt");
  const unknown = tokens.find((token) => token >= vocabulary.size);
  if (unknown !== undefined) throw badRequest(`Token ${unknown} is not in the model's vocabulary.`, "prompt");
  return tokens;
}

/** How many of the last tokens an echo request wants scored: 256 unless it asks for less. */
function scoredTokens(engine: Engine, request: CompletionRequest, prompt: readonly number[]): number {
  const last = request.echo_last ?? mostScored;
  if (typeof request.echo_from !== "number") return last;
  let offset = 0;
  const before = prompt.findIndex((token) => {
    offset += decoder.decode(engine.model.vocabulary.bytes(token, true)).length;
    return offset > (request.echo_from ?? 0);
  });
  return Math.max(1, Math.min(last, before < 0 ? 1 : prompt.length - before));
}

async function toGeneration(engine: Engine, request: CompletionRequest, priority: Priority): Promise<Generation> {
  const mostTokens = request.max_tokens ?? 16;
  if (request.echo && request.stream)
    throw badRequest("'echo' cannot be streamed: the text is known at once.", "stream");
  const asked = promptsOf(request.prompt);
  checkCount(engine, asked.length, request.n ?? 1, "prompt");
  const prompts: (readonly number[])[] = [];
  for (const prompt of asked) {
    // Others' tokens go out between two long texts.
    if (prompts.length > 0) await setImmediate();
    prompts.push(tokensOf(engine, prompt, mostTokens));
  }
  const alternatives = request.logprobs ?? null;
  return {
    prompts,
    count: request.n ?? 1,
    priority,
    mostTokens,
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    topK: request.top_k ?? defaultTopK,
    minP: request.min_p ?? 0,
    seed: request.seed ?? null,
    stops: request.stop,
    grammar: grammarOf(engine, request.response_format),
    alternatives,
    scored: (prompt) => (request.echo && alternatives !== null ? scoredTokens(engine, request, prompt) : 0),
  };
}

interface Choice {
  text: string;
  generated: TokenScore[];
  scores: readonly (TokenScore | null)[];
  finish: FinishReason;
}

export async function answerCompletion(
  engine: Engine,
  body: unknown,
  priority: Priority,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const request = parse(completionRequest, body);
  const generation = await toGeneration(engine, request, priority);
  const { vocabulary } = engine.model;
  const head = {
    id: `cmpl-${randomUUID()}`,
    object: "text_completion",
    created: Math.floor(Date.now() / 1_000),
    model: engine.modelId,
  };
  const { alternatives } = generation;
  const withScores = (scores: readonly TokenScore[]) => scores.map((score) => ({ token: score.token, score }));

  if (request.stream) {
    const events = openEvents(response);
    const offsets = new Map<number, number>();
    const chunk = (index: number, text: string, marks: readonly TokenScore[], finish: FinishReason | null): void => {
      const offset = offsets.get(index) ?? 0;
      offsets.set(index, offset + text.length);
      const logprobs =
        alternatives === null || marks.length === 0
          ? null
          : legacyLogprobs(vocabulary, withScores(marks), alternatives, offset);
      events.send({ ...head, choices: [{ index, text, logprobs, finish_reason: finish }] });
    };
    const usage = await generate(
      engine,
      generation,
      {
        scores: () => undefined,
        piece: (index, piece) => chunk(index, piece.text, piece.marks, null),
        finished: (index, reason) => chunk(index, "", [], reason),
      },
      signal,
    );
    if (request.stream_options?.include_usage) events.send({ ...head, choices: [], usage: usageBody(usage) });
    events.end();
    return;
  }

  const choices = Array.from(
    { length: generation.prompts.length * generation.count },
    (): Choice => ({ text: "", generated: [], scores: [], finish: "stop" }),
  );
  const usage = await generate(
    engine,
    generation,
    {
      scores(index, scores) {
        const choice = choices[index];
        if (choice) choice.scores = scores;
      },
      piece(index, piece) {
        const choice = choices[index];
        if (!choice) return;
        choice.text += piece.text;
        choice.generated.push(...piece.marks);
      },
      finished(index, reason) {
        const choice = choices[index];
        if (choice) choice.finish = reason;
      },
    },
    signal,
  );

  const bodyOf = (choice: Choice, index: number) => {
    const prompt = generation.prompts[Math.floor(index / generation.count)] ?? [];
    const unscored = prompt.length - choice.scores.length;
    const echoed = (tokens: readonly number[]): string =>
      decoder.decode(Buffer.concat(tokens.map((token) => vocabulary.bytes(token, true))));
    const promptText = request.echo ? echoed(prompt) : "";
    const entries = [
      // With echo every prompt token is listed; those before the scored ones have no log-probability.
      ...(request.echo
        ? prompt.map((token, position) => ({ token, score: choice.scores[position - unscored] ?? null }))
        : []),
      ...withScores(choice.generated),
    ];
    return {
      index,
      text: promptText + choice.text,
      logprobs: alternatives === null ? null : legacyLogprobs(vocabulary, entries, alternatives, 0),
      finish_reason: choice.finish,
    };
  };
  sendJson(response, 200, { ...head, choices: choices.map(bodyOf), usage: usageBody(usage) });
}
