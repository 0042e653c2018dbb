import type { Call, History, Ports, Reply } from "../engine/ports.ts";
import { handsBack } from "../shared/text.ts";
import { type ChatResult, chat, chatStream } from "./chat.ts";
import { complete } from "./completions.ts";
import { ModelError } from "./errors.ts";
import { estimateTokens } from "./log.ts";
import { prefersScored } from "./makers.ts";
import { assistantMessages, assistantVersion } from "./prompts/assistant.ts";
import { questionIn, questionPrompt, questionVersion, repeatsExample } from "./prompts/question.ts";
import { type Context, fitted, limits, paid, reasoningTokens, seedOf, shortened, tokensOf } from "./served.ts";
import type { Speed } from "./speed.ts";

/** engine.md section 3: assistant 0.7. */
const temperature = 0.7;

const replyOf = (result: ChatResult) => ({
  text: result.text.trim(),
  tokens: tokensOf(result.usage, result.text),
  finished: result.finish === "stop",
});

/** The direct reply, handed out piece by piece as it comes. A whole one teaches L. */
export const answer =
  (context: Context, speed: Speed, extra: string): Ports["answer"] =>
  (input): Promise<Reply> =>
    paid(context, input, { purpose: "answer", work: "generating", promptVersion: assistantVersion }, async (info) => {
      const maxTokens = Math.min(input.maxTokens ?? Number.POSITIVE_INFINITY, limits(context.capabilities).reply);
      const history = beside(context, input.history, extra, maxTokens);
      const started = performance.now();
      const stream = chatStream({
        ...info,
        messages: assistantMessages(history, "answer", extra),
        maxTokens,
        temperature,
        reasoningTokens: reasoningTokens(context.capabilities),
      });
      for (;;) {
        const next = await stream.next();
        if (!next.done) {
          input.onText(next.value);
          continue;
        }
        // What a caller cut is no measure of a reply.
        if (input.maxTokens === undefined || next.value.finish === "stop") speed.record(performance.now() - started);
        // The pieces joined are the text, to the byte: a reader has seen them.
        return { ...replyOf(next.value), text: next.value.text };
      }
    });

/**
 * One more candidate; the same bytes as the answer's prompt up to the end of the person's last message. Small models
 * complete their question instead (see `prompts/question.ts`), and a hybrid of theirs is a short reply that gets one.
 */
export const draft =
  (context: Context, extra: string): Ports["draft"] =>
  (input): Promise<Reply> => {
    const { kind, index } = input;
    const small = prefersScored(context.capabilities);
    if (small && kind === "ask" && index === 1) return question(context, input);
    const own = limits(context.capabilities)[kind === "ask" ? "question" : "reply"];
    return write(context, extra, input, `draft.${kind}`, own, async (info, history, maxTokens) => {
      const result = await chat({
        ...info,
        messages: assistantMessages(history, small && kind === "hybrid" ? "partial" : kind, extra, index),
        maxTokens,
        temperature,
        reasoningTokens: reasoningTokens(context.capabilities),
      });
      const reply = replyOf(result);
      if (!small) return reply;
      // Cut by the caller, who wants no more than its beginning, it need not have come to its question.
      if (kind === "ask" && maxTokens === own && questionIn(reply.text) === null) throw asksNothing();
      if (kind !== "hybrid" || !reply.finished || waitsForReply(reply.text)) return reply;
      const asked = await askBack(info, history, questionTokens);
      return { ...reply, text: `${reply.text}\n\n${asked.text}`, tokens: reply.tokens + asked.tokens };
    });
  };

const question = (context: Context, input: Parameters<Ports["draft"]>[0]): Promise<Reply> =>
  paid(context, input, { purpose: "draft.ask", work: "generating", promptVersion: questionVersion }, (info) =>
    askBack(
      info,
      shortened(context, input.history, questionTokens),
      Math.min(input.maxTokens ?? questionTokens, questionTokens),
    ),
  );

const questionTokens = 40;

/** Draws of a question: one that asks nothing, or is an example's or the person's own, is drawn anew. */
const attempts = 2;

async function askBack(info: Info, history: History, maxTokens: number) {
  const prompt = questionPrompt(history);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const seed = attempt === 0 ? info.seed : seedOf(info, attempt);
    const result = await complete({ ...info, seed, prompt, maxTokens, temperature, stop: ["\n", "["] });
    const whole = questionIn(result.text);
    // Cut by the caller before its question mark it is still the question, and the engine is told that it was cut.
    const text = whole ?? (result.finish === "length" && maxTokens < questionTokens ? result.text.trim() : "");
    if (text && !repeatsExample(text, history) && !handsBack(text, history))
      return { text, tokens: tokensOf(result.usage, text), finished: whole !== null };
  }
  throw asksNothing();
}

const asksNothing = () =>
  new ModelError("model_malformed", "The model asked nothing about this request when it was to ask.");

/**
 * The assistant's next message in an imagined future: short, and without sight of the wish. It is never told as finished
 * unless it asks: a person would be sent a reply of the usual length, and that is what it must cost.
 */
export const imagined =
  (context: Context, extra: string): Ports["assistant"] =>
  (input): Promise<Reply & { asks: boolean }> =>
    write(
      context,
      extra,
      input,
      "assistant",
      limits(context.capabilities).imagined,
      async (info, history, maxTokens) => {
        const result = await chat({
          ...info,
          messages: assistantMessages(history, "imagined", extra),
          maxTokens,
          temperature,
          reasoningTokens: reasoningTokens(context.capabilities),
        });
        const reply = replyOf(result);
        const asks = reply.finished && waitsForReply(reply.text);
        return { ...reply, finished: asks, asks };
      },
    );

/** Does a message end in a question, as one does that waits for an answer? "Anything else?" after a whole reply does not count. */
export function waitsForReply(text: string): boolean {
  const trimmed = text.trim();
  if (!/[?？]["')\]]*$/.test(trimmed)) return false;
  const sentences = trimmed.split(/(?<=[.!?？。])\s+|\n+/).filter(Boolean);
  return !/anything else|any (other|more|further)|let me know|help you with|does (this|that) help/i.test(
    sentences.at(-1) ?? "",
  );
}

type Info = Parameters<Parameters<typeof paid>[3]>[0];

/** The history that fits beside the system text of the person's own, which may be longer than all the rest. */
const beside = (context: Context, history: History, extra: string, maxTokens: number): History =>
  fitted(context, history, maxTokens + estimateTokens(extra));

const write = <T>(
  context: Context,
  extra: string,
  call: Call & { history: History },
  purpose: string,
  ownLimit: number,
  body: (info: Info, history: History, maxTokens: number) => Promise<T>,
) =>
  paid(context, call, { purpose, work: "generating", promptVersion: assistantVersion }, (info) => {
    const maxTokens = Math.min(call.maxTokens ?? Number.POSITIVE_INFINITY, ownLimit);
    return body(info, beside(context, call.history, extra, maxTokens), maxTokens);
  });
