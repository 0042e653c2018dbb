import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { badRequest } from "../errors.ts";
import type { Priority } from "../job.ts";
import type { TokenScore } from "../prefixes.ts";
import type { Engine } from "./engine.ts";
import {
  defaultTopK,
  type FinishReason,
  type Generation,
  type GenerationSink,
  generate,
  grammarOf,
} from "./generate.ts";
import { checkCount, checkLength, checkSize } from "./limits.ts";
import { createOffsets, type LegacyEntry, legacyLogprobs } from "./logprobs.ts";
import { openEvents, sendJson, usageBody } from "./reply.ts";
import { type CompletionRequest, completionRequest, parse } from "./schema.ts";

const mostScored = 256;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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
  const tokens = typeof prompt === "string" ? vocabulary.begin(vocabulary.tokenize(prompt, true)) : prompt;
  checkLength(engine, tokens, mostTokens, "prompt");
  const unknown = tokens.find((token) => token >= vocabulary.size);
  if (unknown !== undefined) throw badRequest(`Token ${unknown} is not in the model's vocabulary.`, "prompt");
  return tokens;
}

/** How many of the last tokens an echo request wants scored: 256 unless it asks for less. */
function scoredTokens(engine: Engine, request: CompletionRequest, prompt: readonly number[]): number {
  const last = request.echo_last ?? mostScored;
  const { echo_from: from } = request;
  if (typeof from !== "number") return last;
  const offsets = prompt.map(createOffsets(engine.model.vocabulary, true));
  const first = offsets.findIndex((offset, index) => offset >= from || (offsets[index + 1] ?? 0) > from);
  return Math.max(1, Math.min(last, first < 0 ? 1 : prompt.length - first));
}

async function toGeneration(engine: Engine, request: CompletionRequest, priority: Priority): Promise<Generation> {
  const mostTokens = request.max_tokens ?? 16;
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

/** One text that is asked for, as far as it is known. */
interface Choice {
  text: string;
  readonly entries: LegacyEntry[];
  finish: FinishReason | null;
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
  const { alternatives, count, prompts } = generation;
  const head = {
    id: `cmpl-${randomUUID()}`,
    object: "text_completion",
    created: Math.floor(Date.now() / 1_000),
    model: engine.modelId,
  };
  const bodyOf = ({ text, entries, finish }: Choice, index: number) => ({
    index,
    text,
    logprobs:
      alternatives === null || (request.stream && entries.length === 0)
        ? null
        : legacyLogprobs(vocabulary, entries, alternatives),
    finish_reason: finish,
  });

  /** With echo every prompt token is listed; those before the scored ones have no log-probability. */
  function echo(prompt: readonly number[], scores: readonly (TokenScore | null)[]): Choice {
    const unscored = prompt.length - scores.length;
    const offset = createOffsets(vocabulary, true);
    return {
      text: decoder.decode(Buffer.concat(prompt.map((token) => vocabulary.bytes(token, true)))),
      entries: prompt.map((token, at) => ({ token, score: scores[at - unscored] ?? null, offset: offset(token) })),
      finish: null,
    };
  }

  /** Tells what comes of a choice, piece by piece, the echo of its prompt first. */
  function sinkTo(told: (index: number, piece: Choice) => void): GenerationSink {
    const offsets = new Map<number, (token: number) => number>();
    const begin = (index: number, scores: readonly (TokenScore | null)[] = []): ((token: number) => number) => {
      const known = offsets.get(index);
      if (known) return known;
      const echoed = request.echo ? echo(prompts[Math.floor(index / count)] ?? [], scores) : null;
      const offset = createOffsets(vocabulary, false, echoed?.text.length);
      offsets.set(index, offset);
      if (echoed) told(index, echoed);
      return offset;
    };
    return {
      scores: begin,
      piece(index, { text, marks }) {
        const offset = begin(index);
        const entries = marks.map((score) => ({ token: score.token, score, offset: offset(score.token) }));
        told(index, { text, entries, finish: null });
      },
      finished(index, finish) {
        begin(index);
        told(index, { text: "", entries: [], finish });
      },
    };
  }

  if (request.stream) {
    const events = openEvents(response);
    const withUsage = request.stream_options?.include_usage ?? false;
    const send = (index: number, piece: Choice): void =>
      events.send({ ...head, choices: [bodyOf(piece, index)], ...(withUsage ? { usage: null } : {}) });
    const usage = await generate(engine, generation, sinkTo(send), signal);
    if (withUsage) events.send({ ...head, choices: [], usage: usageBody(usage) });
    events.end();
    return;
  }

  const choices = Array.from(
    { length: prompts.length * count },
    (): Choice => ({ text: "", entries: [], finish: null }),
  );
  const add = (index: number, { text, entries, finish }: Choice): void => {
    const choice = choices[index];
    if (!choice) return;
    choice.text += text;
    choice.entries.push(...entries);
    choice.finish = finish;
  };
  const usage = await generate(engine, generation, sinkTo(add), signal);
  sendJson(response, 200, { ...head, choices: choices.map(bodyOf), usage: usageBody(usage) });
}
