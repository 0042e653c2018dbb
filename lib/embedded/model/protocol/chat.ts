import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { badRequest } from "../errors.ts";
import type { Priority } from "../job.ts";
import type { TokenScore } from "../prefixes.ts";
import type { Engine } from "./engine.ts";
import { defaultTopK, type FinishReason, type Generation, generate, grammarOf } from "./generate.ts";
import { checkCount, checkLength } from "./limits.ts";
import { chatLogprob } from "./logprobs.ts";
import { chatPrompt } from "./prompt.ts";
import { openEvents, sendJson, usageBody } from "./reply.ts";
import { type ChatRequest, chatRequest, parse } from "./schema.ts";

function toGeneration(engine: Engine, request: ChatRequest, priority: Priority): Generation {
  if (request.top_logprobs && !request.logprobs)
    throw badRequest("'top_logprobs' needs 'logprobs' to be true.", "top_logprobs");
  checkCount(engine, 1, request.n ?? 1, "n");
  const prompt = chatPrompt(engine, request.messages);
  checkLength(engine, prompt, 1, "messages");
  return {
    prompts: [prompt],
    count: request.n ?? 1,
    priority,
    mostTokens: request.max_completion_tokens ?? request.max_tokens ?? engine.contextTokens,
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    topK: request.top_k ?? defaultTopK,
    minP: request.min_p ?? 0,
    seed: request.seed ?? null,
    stops: request.stop,
    grammar: grammarOf(engine, request.response_format),
    alternatives: request.logprobs ? (request.top_logprobs ?? 0) : null,
    scored: () => 0,
  };
}

export async function answerChat(
  engine: Engine,
  body: unknown,
  priority: Priority,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const request = parse(chatRequest, body);
  const generation = toGeneration(engine, request, priority);
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1_000), model: engine.modelId };
  const logprobsOf = (marks: readonly TokenScore[]) =>
    generation.alternatives === null
      ? null
      : { content: marks.map((mark) => chatLogprob(engine.model.vocabulary, mark)), refusal: null };

  if (request.stream) {
    const events = openEvents(response);
    const begun = new Set<number>();
    const withUsage = request.stream_options?.include_usage ?? false;
    const chunk = (index: number, delta: object, logprobs: object | null, finish: FinishReason | null): void =>
      events.send({
        ...head,
        object: "chat.completion.chunk",
        choices: [{ index, delta, logprobs, finish_reason: finish }],
        ...(withUsage ? { usage: null } : {}),
      });
    const begin = (index: number): void => {
      if (!begun.has(index)) chunk(index, { role: "assistant", content: "" }, null, null);
      begun.add(index);
    };
    const usage = await generate(
      engine,
      generation,
      {
        scores: () => undefined,
        piece(index, piece) {
          begin(index);
          chunk(index, { content: piece.text }, logprobsOf(piece.marks), null);
        },
        finished(index, reason) {
          begin(index);
          chunk(index, {}, null, reason);
        },
      },
      signal,
    );
    if (withUsage) events.send({ ...head, object: "chat.completion.chunk", choices: [], usage: usageBody(usage) });
    events.end();
    return;
  }

  const choices = Array.from({ length: generation.count }, () => ({
    text: "",
    marks: [] as TokenScore[],
    finish: "stop" as FinishReason,
  }));
  const usage = await generate(
    engine,
    generation,
    {
      scores: () => undefined,
      piece(index, piece) {
        const choice = choices[index];
        if (!choice) return;
        choice.text += piece.text;
        choice.marks.push(...piece.marks);
      },
      finished(index, reason) {
        const choice = choices[index];
        if (choice) choice.finish = reason;
      },
    },
    signal,
  );
  sendJson(response, 200, {
    ...head,
    object: "chat.completion",
    choices: choices.map((choice, index) => ({
      index,
      message: { role: "assistant", content: choice.text, refusal: null },
      logprobs: logprobsOf(choice.marks),
      finish_reason: choice.finish,
    })),
    usage: usageBody(usage),
  });
}
