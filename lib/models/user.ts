import type { Ports, Reply } from "../engine/ports.ts";
import { chat } from "./chat.ts";
import { complete } from "./completions.ts";
import { ModelError } from "./errors.ts";
import { prefersScored } from "./makers.ts";
import { userMessages, userVersion } from "./prompts/future.ts";
import { oneFact, personPrompt, personVersion } from "./prompts/person.ts";
import { type Context, limits, paid, reasoningTokens, shortened, spoken, tokensOf } from "./served.ts";

/** engine.md section 3: user 1.0. People differ more than assistants do. */
const temperature = 1;

/** The simulated person's words for an act that the engine has drawn: completed by small models, asked of others. */
export const user =
  (context: Context): Ports["user"] =>
  (input): Promise<Reply> => {
    const does = prefersScored(context.capabilities) ? oneFact(input.act) : null;
    const promptVersion = does === null ? userVersion : personVersion;
    return paid(context, input, { purpose: "user", work: "generating", promptVersion }, async (info) => {
      const own = limits(context.capabilities).user;
      const maxTokens = Math.min(input.maxTokens ?? own, own);
      const history = shortened(context, input.history, maxTokens);
      const shared = { ...info, maxTokens, temperature, stop: ["\n"] };
      const result =
        does === null
          ? await chat({
              ...shared,
              messages: userMessages(history, input.intent, input.act),
              reasoningTokens: reasoningTokens(context.capabilities),
            })
          : await complete({ ...shared, prompt: personPrompt(history, input.intent, does) });
      const text = spoken(result.text);
      if (!text) throw new ModelError("model_malformed", "The simulated person said nothing.");
      return { text, tokens: tokensOf(result.usage, text), finished: result.finish === "stop" };
    });
  };
