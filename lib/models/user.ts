import type { Ports, Reply } from "../engine/ports.ts";
import { chat } from "./chat.ts";
import { ModelError } from "./errors.ts";
import { userMessages, userVersion } from "./prompts/future.ts";
import { type Context, fitted, limits, paid, reasoningTokens, spoken, tokensOf } from "./served.ts";

/** engine.md section 3: user 1.0. People differ more than assistants do. */
const temperature = 1;

/** The simulated person's words for an act that the engine has drawn. */
export const user =
  (context: Context): Ports["user"] =>
  (input): Promise<Reply> =>
    paid(context, input, { purpose: "user", work: "generating", promptVersion: userVersion }, async (info) => {
      const own = limits(context.capabilities).user;
      const maxTokens = Math.min(input.maxTokens ?? own, own);
      const history = fitted(context, input.history, maxTokens);
      const result = await chat({
        ...info,
        messages: userMessages(history, input.intent, input.act),
        maxTokens,
        temperature,
        stop: ["\n"],
        reasoningTokens: reasoningTokens(context.capabilities),
      });
      const text = spoken(result.text);
      if (!text) throw new ModelError("model_malformed", "The simulated person said nothing.");
      return { text, tokens: tokensOf(result.usage, text), finished: result.finish === "stop" };
    });
