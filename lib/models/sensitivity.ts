import type { History, Intent } from "../engine/ports.ts";
import type { CallInfo } from "./call.ts";
import { complete } from "./completions.ts";
import { sensitivityPrompt, sensitivityVersion } from "./prompts/readings.ts";

/** Mean log-probability per token of the part of `text` after `head`; null where the endpoint scored none of it. */
async function meanLogprob(info: CallInfo, head: string, text: string): Promise<number | null> {
  const result = await complete({
    ...info,
    purpose: "sensitivity",
    promptVersion: sensitivityVersion,
    prompt: text,
    maxTokens: 0,
    temperature: 0,
    logprobs: 1,
    echo: true,
    echoFrom: head.length,
  });
  const scored = result.tokens
    .filter((token) => token.offset >= head.length)
    .map((token) => token.logprob)
    .filter((logprob) => logprob !== null);
  return scored.length ? scored.reduce((sum, logprob) => sum + logprob, 0) / scored.length : null;
}

/**
 * For each reading: by how many nats a token the reply becomes less likely when the reading is added to the request
 * (negative: more likely). A reply that does not depend on the reading is one for everybody. Null where not measured; a
 * failing call costs one number, not the table.
 */
export async function sensitivities(
  info: CallInfo,
  history: History,
  reply: string,
  intents: readonly Intent[],
): Promise<(number | null)[]> {
  const score = (wish: string | null): Promise<number | null> => {
    const { head, text } = sensitivityPrompt(history, wish, reply);
    return meanLogprob(info, head, text).catch((failure: unknown) => {
      if (info.signal.aborted) throw failure;
      return null;
    });
  };
  const [plain, ...given] = await Promise.all([score(null), ...intents.map((intent) => score(intent.text))]);
  return given.map((value) => (plain === null || plain === undefined || value === null ? null : plain - value));
}
