import type { CallInfo } from "./call.ts";
import { chat, chatAlternatives, chatStream } from "./chat.ts";
import { alternatives, complete } from "./completions.ts";
import { discover } from "./discover.ts";
import { type Endpoint, mostCallsAtOnce } from "./endpoint.ts";
import { ModelError } from "./errors.ts";
import { clarityJsonVersion, clarityMessages, claritySchema, judgementItems } from "./prompts/clarity.ts";

/**
 * What an endpoint and model can do, found out by asking once (never by name). Plain data: the store keeps it with the
 * decision, so that a record says which way its numbers were made.
 */
export interface Capabilities {
  model: string;
  /** Tokens of prompt and answer together. */
  contextLength: number;
  /** False: nobody told it and `contextLength` is our safe default. */
  contextTold: boolean;
  /** Sequences served at once, where told. */
  slots: number | null;
  /** Chat answers carry log-probabilities. */
  logprobs: boolean;
  /** A JSON schema sent along is really kept to. */
  jsonSchema: boolean;
  /** `/v1/completions` exists and tells next-token log-probabilities. */
  completions: boolean;
  /** It also scores the prompt's own tokens (echo). */
  echo: boolean;
  /** Thinks before it answers, at the expense of max_tokens. */
  reasoning: boolean;
  /** Tells vague requests from clear ones when asked in words; absent where nothing else could be done about it. */
  judges?: boolean;
  /** Milliseconds a generated token alone; null where the endpoint was too quick to tell. */
  tokenMs: number | null;
  /** What did not work and why, in stable words, for the log. */
  notes: string[];
}

/**
 * engine.md section 3 bounds the texts of a small or slow model. 40 tokens a second: a future of two replies then takes
 * longer than a person likes to wait, and hosted models are well above it.
 */
export const slowTokenMs = 25;
export const isSlow = (capabilities: Capabilities): boolean =>
  capabilities.tokenMs !== null && capabilities.tokenMs > slowTokenMs;

const passing = /:(model_timeout|rate_limited|model_broken|model_unreachable)$/;
/** What a probe met that passes, null where nothing: it says something of that moment and nothing of the model. */
export const passingOf = ({ notes }: Capabilities): string | null => notes.find((note) => passing.test(note)) ?? null;

export const probeVersion = "probe/2";
const probeSchema = {
  type: "object",
  properties: { ready: { type: "boolean" } },
  required: ["ready"],
  additionalProperties: false,
};

/**
 * Asks the endpoint what it can do. Costs up to nine calls of a few tokens. Throws ModelError only where the endpoint
 * is of no use at all (unreachable, key refused); a missing capability is an answer, not an error.
 */
export async function probe(
  endpoint: Endpoint,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Capabilities> {
  const found = await discover(endpoint, wanted, signal);
  const info: CallInfo = {
    endpoint,
    model: found.model,
    purpose: "probe",
    work: "scoring",
    promptVersion: probeVersion,
    seed: 1,
    priority: "foreground",
    signal,
  };
  const notes = [...found.notes];
  /** Runs one question to the endpoint; a refusal means no. */
  const can = async (what: string, ask: () => Promise<boolean>): Promise<boolean> => {
    try {
      if (await ask()) return true;
      notes.push(`no_${what}`);
    } catch (failure) {
      if (
        !(failure instanceof ModelError) ||
        ["aborted", "model_refused_key", "model_unreachable"].includes(failure.code)
      )
        throw failure;
      notes.push(`no_${what}:${failure.code}`);
    }
    return false;
  };

  const plain = await timed(info);
  const hello = [{ role: "user" as const, content: "Say hello." }];
  // One after another: what they measure and what they leave in the cache must not depend on each other.
  const logprobs = await can("logprobs", async () => {
    const result = await chat({ ...info, messages: hello, maxTokens: 1, temperature: 0, logprobs: chatAlternatives });
    return (result.tokens[0]?.top.length ?? 0) > 0;
  });
  const jsonSchema = await can("json_schema", async () => {
    const schema = { name: "probe", schema: probeSchema };
    const result = await chat({ ...info, messages: hello, maxTokens: 32, temperature: 0, schema });
    return /^\s*\{\s*"ready"\s*:\s*(true|false)\s*\}\s*$/.test(result.text);
  });
  const prompt = "One, two, three,";
  const completions = await can("completions", async () => {
    const result = await complete({ ...info, prompt, maxTokens: 1, temperature: 0, logprobs: alternatives });
    return (result.tokens[0]?.top.length ?? 0) > 0;
  });
  const echo =
    completions &&
    (await can("echo", async () => {
      const result = await complete({ ...info, prompt, maxTokens: 0, temperature: 0, logprobs: 1, echo: true });
      return result.text.startsWith("One") && result.tokens.filter((token) => token.logprob !== null).length >= 2;
    }));
  const judges = completions ? { judges: await can("judgement", () => tellsVague(info, jsonSchema)) } : {};
  endpoint.limiter.setLimit(Math.min(mostCallsAtOnce, found.slots ?? mostCallsAtOnce));
  return {
    model: found.model,
    contextLength: found.contextLength ?? safeContextLength,
    contextTold: found.contextLength !== null,
    slots: found.slots,
    logprobs,
    jsonSchema,
    completions,
    echo,
    reasoning: plain.reasoning,
    tokenMs: plain.tokenMs,
    ...judges,
    notes,
  };
}

/**
 * Can the model say in words which of four plain requests are clear? Small models call everything clear (or nothing), with
 * great confidence; their probabilities must then be read another way.
 */
async function tellsVague(info: CallInfo, jsonSchema: boolean): Promise<boolean> {
  const said = await Promise.all(
    judgementItems.map(async ({ request, clear }) => {
      const result = await chat({
        ...info,
        promptVersion: clarityJsonVersion,
        messages: clarityMessages([{ role: "user", text: request }]),
        maxTokens: 40,
        temperature: 0,
        schema: jsonSchema ? { name: "clarity", schema: claritySchema } : undefined,
      });
      return /"clear"\s*:\s*(true|false)/.exec(result.text)?.[1] === String(clear);
    }),
  );
  return said.every(Boolean);
}

/** What every model in use today has, and some servers default to. */
export const safeContextLength = 4096;

/** A short plain answer: proves that chat works at all, and tells the speed. */
async function timed(info: CallInfo): Promise<{ tokenMs: number | null; reasoning: boolean }> {
  const started = performance.now();
  let first = 0;
  let last = 0;
  let pieces = 0;
  const stream = chatStream({
    ...info,
    work: "generating",
    messages: [{ role: "user", content: "Count from one to twelve in words." }],
    maxTokens: 24,
    temperature: 0,
  });
  for (;;) {
    const next = await stream.next();
    if (next.done) {
      const { usage, text } = next.value;
      const tokens = usage.estimated ? pieces : usage.tokensOut;
      const span = pieces > 1 ? last - first : last - started;
      // A reasoning model spends the whole allowance without a word.
      const reasoning = text === "" && usage.tokensOut > 0;
      return { tokenMs: tokens > 2 && span > 0 ? span / (tokens - 1) : null, reasoning };
    }
    last = performance.now();
    if (pieces === 0) first = last;
    pieces += 1;
  }
}
