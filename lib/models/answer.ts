import type { Call, History, Ports, Reply } from "../engine/ports.ts";
import { type ChatResult, chat, chatStream } from "./chat.ts";
import { assistantMessages, assistantVersion } from "./prompts/assistant.ts";
import { type Context, fitted, limits, paid, reasoningTokens, tokensOf } from "./served.ts";
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
      const history = fitted(context, input.history, maxTokens);
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
        speed.record(performance.now() - started);
        // The pieces joined are the text, to the byte: a reader has seen them.
        return { ...replyOf(next.value), text: next.value.text };
      }
    });

/** One more candidate; the same bytes as the answer's prompt up to the end of the person's last message. */
export const draft =
  (context: Context, extra: string): Ports["draft"] =>
  (input): Promise<Reply> => {
    const { kind } = input;
    const own = limits(context.capabilities)[kind === "ask" ? "question" : "reply"];
    return write(context, input, `draft.${kind}`, input.history, own, async (info, history, maxTokens) => {
      const result = await chat({
        ...info,
        messages: assistantMessages(history, kind, extra, input.index),
        maxTokens,
        temperature,
        reasoningTokens: reasoningTokens(context.capabilities),
      });
      return replyOf(result);
    });
  };

/** The assistant's next message in an imagined future: short, and without sight of the wish. */
export const imagined =
  (context: Context, extra: string): Ports["assistant"] =>
  (input): Promise<Reply & { asks: boolean }> =>
    write(
      context,
      input,
      "assistant",
      input.history,
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
        return { ...reply, asks: reply.finished && waitsForReply(reply.text) };
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

const write = <T>(
  context: Context,
  call: Call,
  purpose: string,
  history: History,
  ownLimit: number,
  body: (info: Info, history: History, maxTokens: number) => Promise<T>,
) =>
  paid(context, call, { purpose, work: "generating", promptVersion: assistantVersion }, (info) => {
    const maxTokens = Math.min(call.maxTokens ?? Number.POSITIVE_INFINITY, ownLimit);
    return body(info, fitted(context, history, maxTokens), maxTokens);
  });
