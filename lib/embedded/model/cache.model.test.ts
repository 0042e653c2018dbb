import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelServer } from "./start.ts";
import { idle, post, startTestServer, user } from "./testing.ts";

const chat = "/v1/chat/completions";
const raw = "/v1/completions";

let cached: ModelServer;
let plain: ModelServer;
beforeAll(async () => {
  cached = await startTestServer();
  plain = await startTestServer({ cacheBytes: 0 });
});
afterAll(async () => {
  await cached.close();
  await plain.close();
});

const history = `The following is a conversation about the weather, the sea and the mountains of Norway. ${"It was a long day, and the ship had not yet come in. ".repeat(8)}`;
const request = (tail: string) => ({ prompt: history + tail, max_tokens: 24, temperature: 0, logprobs: 1 });

test("greedy text is the same with the cache as without, token by token", async () => {
  const tails = ["The captain said", "Nobody knew why", "The captain said that", "In the mountains", "Her name was"];
  for (const tail of [...tails, "The captain said"]) {
    const warm = await post(cached, raw, request(tail));
    const cold = await post(plain, raw, request(tail));
    expect(cold.body.usage.prompt_tokens_details.cached_tokens).toBe(0);
    expect(warm.body.choices[0].text).toBe(cold.body.choices[0].text);
    const [left, right] = [warm, cold].map((answer) => answer.body.choices[0].logprobs);
    expect(left.tokens).toHaveLength(24);
    expect(left.tokens).toEqual(right.tokens);
    for (const [place, value] of right.token_logprobs.entries())
      expect(left.token_logprobs[place]).toBeCloseTo(value, 1);
  }
  const again = await post(cached, raw, request("The captain said"));
  const { prompt_tokens, prompt_tokens_details } = again.body.usage;
  expect(prompt_tokens_details.cached_tokens).toBeGreaterThan(prompt_tokens - 8);
});

test("requests that come together read their common beginning once", async () => {
  const other = `Once upon a time there was a small house at the edge of a wood. ${"Rain fell. ".repeat(30)}`;
  const before = cached.scheduler.status().tokensRead;
  const answers = await Promise.all(
    ["The fox", "A hare", "The old owl", "Two mice", "The wind"].map((tail) =>
      post(cached, raw, { prompt: other + tail, max_tokens: 4, temperature: 0 }),
    ),
  );
  const total = answers[0]?.body.usage.prompt_tokens;
  // One whole reading, four tails, four generated tokens each: far from five readings.
  expect(cached.scheduler.status().tokensRead - before).toBeLessThan(total + 5 * 12);
});

test("samples of one request read their prompt once and differ by their seeds", async () => {
  const before = cached.scheduler.status().tokensRead;
  const story = { messages: user(`Tell a story. ${"Make it long. ".repeat(20)}`), n: 6, max_tokens: 8, seed: 5 };
  const { body } = await post(cached, chat, story);
  expect(cached.scheduler.status().tokensRead - before).toBeLessThan(body.usage.prompt_tokens + 6 * 10);
  expect(new Set(body.choices.map((choice: { message: { content: string } }) => choice.message.content)).size).toBe(6);
});

test("a conversation that goes on finds its past", async () => {
  const first = [...user("Name a colour, please, and tell me where it can be seen in nature.")];
  const one = await post(cached, chat, { messages: first, max_tokens: 10, temperature: 0 });
  await idle(cached);
  const { content } = one.body.choices[0].message;
  const messages = [...first, { role: "assistant", content }, ...user("Another one.")];
  const two = await post(cached, chat, { messages, max_tokens: 2 });
  expect(two.body.usage.prompt_tokens_details.cached_tokens).toBeGreaterThanOrEqual(one.body.usage.prompt_tokens);
});
