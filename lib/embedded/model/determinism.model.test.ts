import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelServer } from "./start.ts";
import { post, startTestServer, user } from "./testing.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await startTestServer();
  // Read once before: a text read whole and one read behind a cached beginning differ in the last bits.
  await post(server, chat, { ...ask, max_tokens: 1 });
});
afterAll(() => server.close());

const chat = "/v1/chat/completions";
const ask = { messages: user("Describe a walk in the rain."), max_tokens: 16, temperature: 1 };
const texts = (body: { choices: { message: { content: string } }[] }) =>
  body.choices.map((choice) => choice.message.content);

test("the same seed gives the same text, another seed another", async () => {
  const one = await post(server, chat, { ...ask, seed: 7 });
  const two = await post(server, chat, { ...ask, seed: 7 });
  const three = await post(server, chat, { ...ask, seed: 8 });
  expect(texts(two.body)).toEqual(texts(one.body));
  expect(texts(three.body)).not.toEqual(texts(one.body));
});

test("sample i of seed s is sample 0 of seed s + i, alone or beside others", async () => {
  const many = texts((await post(server, chat, { ...ask, seed: 20, n: 3 })).body);
  const alone = await Promise.all([20, 21, 22].map((seed) => post(server, chat, { ...ask, seed })));
  expect(alone.flatMap((answer) => texts(answer.body))).toEqual(many);
});

test("without a seed texts differ", async () => {
  const { body } = await post(server, chat, { ...ask, n: 4 });
  expect(new Set(texts(body)).size).toBeGreaterThan(1);
});

test("top_p near 0 is greedy", async () => {
  const greedy = await post(server, chat, { ...ask, temperature: 0 });
  const narrow = await post(server, chat, { ...ask, top_p: 1e-6, seed: 3 });
  expect(texts(narrow.body)).toEqual(texts(greedy.body));
});
