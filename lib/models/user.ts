import type { FactAct, Ports, Reply } from "../engine/ports.ts";
import { chat } from "./chat.ts";
import { complete } from "./completions.ts";
import { ModelError } from "./errors.ts";
import { estimateTokens, type Usage } from "./log.ts";
import { prefersScored } from "./makers.ts";
import { userMessages, userVersion } from "./prompts/future.ts";
import { oneFact, opening, personPrompt, personVersion, refusal } from "./prompts/person.ts";
import { type Context, limits, paid, reasoningTokens, shortened, spoken, tokensOf } from "./served.ts";

/** engine.md section 3: user 1.0. People differ more than assistants do. */
const temperature = 1;

/** The simulated person's words for an act that the engine has drawn: completed by small models, asked of others. */
export const user =
  (context: Context): Ports["user"] =>
  (input): Promise<Reply> => {
    const does = prefersScored(context.capabilities) ? oneFact(input.act) : null;
    return does === null ? asked(context, input) : completed(context, input, does);
  };

type Input = Parameters<Ports["user"]>[0];
const most = (context: Context, input: Input): number => {
  const own = limits(context.capabilities).user;
  return Math.min(input.maxTokens ?? own, own);
};
const said = (text: string, result: { usage: Usage; finish: "stop" | "length" }) => {
  if (!text) throw new ModelError("model_malformed", "The simulated person said nothing.");
  return { text, tokens: tokensOf(result.usage, text), finished: result.finish === "stop" };
};

const asked = (context: Context, input: Input): Promise<Reply> =>
  paid(context, input, { purpose: "user", work: "generating", promptVersion: userVersion }, async (info) => {
    const maxTokens = most(context, input);
    const result = await chat({
      ...info,
      messages: userMessages(shortened(context, input.history, maxTokens), input.intent, input.act),
      maxTokens,
      temperature,
      stop: ["\n"],
      reasoningTokens: reasoningTokens(context.capabilities),
    });
    return said(spoken(result.text), result);
  });

const completed = (context: Context, input: Input, does: FactAct["does"]): Promise<Reply> =>
  paid(context, input, { purpose: "user", work: "generating", promptVersion: personVersion }, async (info) => {
    const begun = opening[does];
    if (begun === null) {
      const text = refusal(input.seed);
      return { text, tokens: estimateTokens(text), finished: true };
    }
    const maxTokens = most(context, input);
    const prompt = personPrompt(shortened(context, input.history, maxTokens), input.intent, does);
    const result = await complete({ ...info, prompt, maxTokens, temperature, stop: ["\n"] });
    const rest = result.text.trim();
    return said(rest && `${begun} ${rest}`, result);
  });
