import type { History, Intent } from "../engine/ports.ts";
import type { CallInfo } from "./call.ts";
import { complete } from "./completions.ts";
import { ModelError } from "./errors.ts";
import { likelihoodPrompt, likelihoodVersion } from "./prompts/likelihood.ts";

/** Mean log-probability per token of the reply's beginning; null where the endpoint scored none of it. */
async function likelihood(
  info: CallInfo,
  history: History,
  wish: string | null,
  reply: string,
): Promise<number | null> {
  const { head, text } = likelihoodPrompt(history, wish, reply);
  const result = await complete({
    ...info,
    promptVersion: likelihoodVersion,
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
 * By how many nats a token a reply becomes likelier when the wish is added to the request: positive for a reply that is made
 * for this wish, about 0 for one that does not depend on it, negative for one made for another. Throws ModelError.
 */
export async function likelihoodGain(info: CallInfo, request: History, reply: string, wish: string): Promise<number> {
  // Both come to an end before one fails: what the other cost is booked too.
  const [given, plain] = (
    await Promise.allSettled([likelihood(info, request, wish, reply), likelihood(info, request, null, reply)])
  ).map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
  if (given === null || given === undefined || plain === null || plain === undefined)
    throw new ModelError("model_malformed", "The model's endpoint scored no token of the reply.");
  return given - plain;
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
  const score = (wish: string | null): Promise<number | null> =>
    likelihood({ ...info, purpose: "sensitivity" }, history, wish, reply).catch((failure: unknown) => {
      if (info.signal.aborted) throw failure;
      return null;
    });
  const [plain, ...given] = await Promise.all([score(null), ...intents.map((intent) => score(intent.text))]);
  return given.map((value) => (plain === null || plain === undefined || value === null ? null : plain - value));
}
