import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelServer } from "./start.ts";
import { post, startTestServer, user } from "./testing.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const raw = "/v1/completions";
const next = async (prompt: string, logprobs = 20) =>
  (await post(server, raw, { prompt, max_tokens: 1, temperature: 0, logprobs })).body.choices[0];
const echo = async (prompt: string, more: object = {}) =>
  (await post(server, raw, { prompt, max_tokens: 0, echo: true, logprobs: 1, ...more })).body;

test("the alternatives are sorted, the chosen one is the likeliest when greedy, and they sum to at most 1", async () => {
  const { logprobs } = await next("The capital of France is");
  const entries = Object.entries<number>(logprobs.top_logprobs[0]);
  const values = entries.map(([, value]) => value);
  expect(values).toEqual(values.toSorted((left, right) => right - left));
  expect(entries[0]).toEqual([logprobs.tokens[0], logprobs.token_logprobs[0]]);
  const sum = values.reduce((total, value) => total + Math.exp(value), 0);
  expect(sum).toBeGreaterThan(0.5);
  expect(sum).toBeLessThanOrEqual(1 + 1e-5);
});

test("the whole distribution sums to 1", async () => {
  const { model, backend, close } = await openBackend();
  const tokens = model.vocabulary.tokenize("The quick brown fox", true);
  const rows = await backend.decode([{ lane: 0, position: 0, tokens, wanted: [tokens.length - 1] }]);
  const { tokens: likely, logprobs } = await backend.likeliest(rows[0]?.[0] ?? 0);
  expect(likely.length).toBeGreaterThanOrEqual(256);
  expect(logprobs.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 4);
  // A token that is not among the likeliest is read on the same scale: lifting one that is there changes nothing.
  const known = likely[200] ?? 0;
  const { asked } = await backend.likeliest(rows[0]?.[0] ?? 0, known);
  expect(asked).toBeCloseTo(logprobs[200] ?? 0, 4);
  const rare = model.vocabulary.tokenize("Norwegian", false)[0] ?? 0;
  const far = (await backend.likeliest(rows[0]?.[0] ?? 0, rare)).asked;
  expect(far).toBeLessThan(logprobs.at(-1) ?? 0);
  expect(far).toBeGreaterThan(-40);
  await close();
});

test("log-probabilities are the model's own, whatever the sampling filters", async () => {
  const ask = { messages: user("Pick a number."), max_tokens: 1, logprobs: true, top_logprobs: 5, seed: 1 };
  const read = async (more: object) =>
    (await post(server, "/v1/chat/completions", { ...ask, ...more })).body.choices[0].logprobs.content[0].top_logprobs;
  expect(await read({ temperature: 2, top_p: 0.1 })).toEqual(await read({ temperature: 0 }));
  expect(await read({ response_format: { type: "json_object" } })).toEqual(await read({ temperature: 0 }));
});

const text = "The sun rises in the east and sets in the west, and so it has been since the world began.";

test("echo scores every token, as reading each next token alone does", async () => {
  const body = await echo(text, { logprobs: 2 });
  const { tokens, token_logprobs, text_offset, top_logprobs } = body.choices[0].logprobs;
  expect(body.choices[0].text).toBe(text);
  expect(tokens.join("")).toBe(text);
  expect(body.usage.completion_tokens).toBe(0);
  expect(token_logprobs[0]).toBeNull();
  expect(token_logprobs.slice(1).every((value: number) => value < 0)).toBe(true);
  for (const [index, offset] of text_offset.entries())
    expect(text.slice(offset, offset + tokens[index].length)).toBe(tokens[index]);
  for (const index of [3, 8, 12]) {
    const alone = await next(text.slice(0, text_offset[index]));
    const found = alone.logprobs.top_logprobs[0][tokens[index]];
    if (found !== undefined) expect(token_logprobs[index]).toBeCloseTo(found, 1);
    expect(Object.values<number>(top_logprobs[index])[0]).toBeCloseTo(alone.logprobs.token_logprobs[0], 1);
  }
});

test("echo behind a shared beginning: the same scores together, one by one, and without the beginning in the cache", async () => {
  const start = `A list of things that are true. ${"Water is wet. ".repeat(25)}`;
  const tails = ["Grass is green.", "Snow is cold and white.", "Fire is hot, and it burns what it touches.", "No."];
  const before = server.scheduler.status().tokensRead;
  const together = await Promise.all(tails.map((tail) => echo(start + tail)));
  const read = server.scheduler.status().tokensRead - before;
  expect(read).toBeLessThan(together[0].usage.prompt_tokens + 60);
  // A state that knows no scores and reaches further does not stand in the way of one that knows them.
  await post(server, raw, { prompt: `${start}${tails[2]} So it is`, max_tokens: 1 });
  const again = await echo(`${start}${tails[2]} So it was.`);
  expect(again.usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(together[0].usage.prompt_tokens - 10);
  const other = await startTestServer({ cacheBytes: 0 });
  for (const [index, tail] of tails.entries()) {
    const alone = (await post(other, raw, { prompt: start + tail, max_tokens: 0, echo: true, logprobs: 1 })).body;
    const left = together[index].choices[0].logprobs;
    const right = alone.choices[0].logprobs;
    expect(left.tokens).toEqual(right.tokens);
    for (const [place, value] of right.token_logprobs.entries())
      if (value === null) expect(place).toBe(0);
      else expect(left.token_logprobs[place]).toBeCloseTo(value, 1);
  }
  await other.close();
});

test("echo_from scores what begins at or behind a character", async () => {
  const from = text.indexOf(" and so");
  const { tokens, token_logprobs, text_offset } = (await echo(text, { echo_from: from })).choices[0].logprobs;
  for (const [index, value] of token_logprobs.entries()) {
    // A token that holds the character counts as behind it.
    if (value === null) expect(text_offset[index] + tokens[index].length).toBeLessThanOrEqual(from);
    else expect(text_offset[index] + tokens[index].length).toBeGreaterThan(from);
  }
  expect(token_logprobs.some((value: number | null) => value !== null)).toBe(true);
});

test("echo_last scores only the end, and a longer text is scored up to 256 tokens", async () => {
  const short = (await echo(text, { echo_last: 4 })).choices[0].logprobs.token_logprobs;
  expect(short.filter((value: number | null) => value !== null)).toHaveLength(4);
  expect(short.slice(-4).every((value: number | null) => value !== null)).toBe(true);
  const long = (await echo("Birds sing. ".repeat(120))).choices[0].logprobs.token_logprobs;
  expect(long.length).toBeGreaterThan(300);
  expect(long.filter((value: number | null) => value !== null)).toHaveLength(256);
});

test("echo with generation gives both", async () => {
  const { body } = await post(server, raw, {
    prompt: "One, two,",
    echo: true,
    max_tokens: 3,
    temperature: 0,
    logprobs: 0,
  });
  const { text: whole, logprobs } = body.choices[0];
  expect(whole.startsWith("One, two,")).toBe(true);
  expect(logprobs.tokens.join("")).toBe(whole);
  expect(logprobs.token_logprobs.slice(1).every((value: number | null) => value !== null)).toBe(true);
});

async function openBackend() {
  const { ensureWeights, smolLm } = await import("../weights.ts");
  const { loadModel } = await import("./llama.ts");
  const model = await loadModel({ path: await ensureWeights(smolLm) });
  const backend = await model.openBackend({ lanes: 1, contextTokens: 512 });
  return { model, backend, close: () => backend.close() };
}
