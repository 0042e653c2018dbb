import { z } from "zod";
import type { Asked } from "./roles.ts";
import type { Failure, Scenario } from "./scenario.ts";
import { type Line, textOf, words } from "./tokens.ts";
import type { Sending } from "./wire.ts";

/** What of a request's body the double reads; everything else may be there. */
export const bodySchema = z.looseObject({
  model: z.string().optional(),
  stream: z.boolean().nullish(),
  seed: z.number().nullish(),
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  prompt: z.string().optional(),
  echo: z.boolean().nullish(),
  logprobs: z.union([z.boolean(), z.number()]).nullish(),
  top_logprobs: z.number().nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]),
      }),
    )
    .optional(),
});
export type Body = z.infer<typeof bodySchema>;

/** Text that is whole as a stream but not what was asked for: half of the JSON, or words where a digit belongs. */
export const spoilt = (line: Line, asked: Asked): Line =>
  asked.role === "judge"
    ? words(" I would rather not say.")
    : words(textOf(line).slice(0, Math.max(1, textOf(line).length >> 1)));

/** The prompt's own tokens with probabilities; the reply's are less likely by `less` nats each. */
export const echoOf = (prompt: string, less: number): Line => {
  const reply = prompt.lastIndexOf("Reply:") + "Reply:".length;
  let at = 0;
  return words(prompt).map((token) => {
    at += token.token.length;
    const logprob = at > reply ? -1 - less : -1;
    return { ...token, logprob, top: [{ token: token.token, logprob }] };
  });
};

/** How a line goes out to this request: cut at max_tokens, with probabilities where asked for and offered. */
export function sendingOf(
  scenario: Scenario,
  body: Body,
  said: {
    readonly line: Line;
    readonly tokens?: number;
    readonly failure: Failure | null;
    readonly promptCharacters: number;
  },
  seen: { readonly id: number; tokens: number },
  gone: AbortSignal,
): Sending {
  const most = body.max_tokens ?? body.max_completion_tokens ?? Number.POSITIVE_INFINITY;
  const asked = typeof body.logprobs === "number" ? body.logprobs : body.logprobs ? (body.top_logprobs ?? 0) : null;
  const line = said.line.slice(0, most);
  return {
    id: `scripted-${seen.id}`,
    model: body.model ?? scenario.model,
    line,
    finish: line.length < said.line.length ? "length" : "stop",
    promptTokens: Math.ceil(said.promptCharacters / 4),
    completionTokens: said.tokens ?? line.length,
    logprobs: scenario.can.logprobs ? asked : null,
    tokenMs: scenario.latency.tokenMs,
    failure: said.failure,
    sent: () => {
      seen.tokens += 1;
    },
    gone,
  };
}
