import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelServer } from "./start.ts";
import { post, startTestServer, stream, user } from "./testing.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await startTestServer({ key: "secret" });
  const { fetch } = globalThis;
  // Every request of this file brings the key, except where a test says otherwise.
  globalThis.fetch = (url, init) =>
    fetch(url, { ...init, headers: { authorization: "Bearer secret", ...(init?.headers as Record<string, string>) } });
});
afterAll(() => server.close());

const chat = "/v1/chat/completions";
const raw = "/v1/completions";
const hello = { messages: user("Say hello."), max_tokens: 6, temperature: 0 };

describe("answers", () => {
  test("chat, whole: text, finish reason and usage", async () => {
    const { status, body } = await post(server, chat, { ...hello, model: "small" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: "chat.completion", model: "small", usage: { completion_tokens: 6 } });
    expect(body.choices[0]).toMatchObject({ index: 0, finish_reason: "length", message: { role: "assistant" } });
    expect(body.choices[0].message.content.length).toBeGreaterThan(3);
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + 6);
  });

  test("chat, streamed: the same text, a role first, one finish reason, usage where asked for", async () => {
    const whole = await post(server, chat, hello);
    const events = await stream(server, chat, { ...hello, stream_options: { include_usage: true } });
    expect(events[0].choices[0].delta).toEqual({ role: "assistant", content: "" });
    const text = events.map((event) => event.choices[0]?.delta.content ?? "").join("");
    expect(text).toBe(whole.body.choices[0].message.content);
    const reasons = events.map((event) => event.choices[0]?.finish_reason).filter(Boolean);
    expect(reasons).toEqual(["length"]);
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 6 } });
  });

  test("chat, several samples: streamed the same as whole, each with its role and its end", async () => {
    const request = { ...hello, messages: user("Say something."), temperature: 1, n: 3, seed: 7 };
    // Read once before: a text read whole and one read behind a cached beginning differ in the last bits.
    await post(server, chat, { ...request, n: 1, max_tokens: 1 });
    const { body } = await post(server, chat, request);
    const events = await stream(server, chat, request);
    for (const { index, message, finish_reason } of body.choices) {
      const own = events.flatMap(({ choices }) => (choices[0].index === index ? choices : []));
      expect(own[0].delta).toEqual({ role: "assistant", content: "" });
      expect(
        own
          .slice(1)
          .map(({ delta }) => delta.content ?? "")
          .join(""),
      ).toBe(message.content);
      expect(own.filter((one) => one.finish_reason !== null).map((one) => one.finish_reason)).toEqual([finish_reason]);
      expect(own.at(-1)).toMatchObject({ delta: {}, finish_reason });
    }
    expect(new Set(events.map(({ choices }) => choices[0].index))).toEqual(new Set([0, 1, 2]));
    const texts = body.choices.map((choice: { message: { content: string } }) => choice.message.content);
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  test("completions: raw text, several prompts, several samples, streamed the same", async () => {
    const request = { prompt: ["One, two,", "The sky is"], n: 2, max_tokens: 3, temperature: 0 };
    const { body } = await post(server, raw, request);
    expect(body.choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1, 2, 3]);
    expect(body.choices[0].text).toBe(body.choices[1].text);
    expect(body.choices[0].text).toContain("three");
    const texts = ["", "", "", ""];
    for (const { choices } of await stream(server, raw, request)) texts[choices[0].index] += choices[0].text;
    expect(texts).toEqual(body.choices.map((choice: { text: string }) => choice.text));
  });

  test("token ids as the prompt", async () => {
    const { body } = await post(server, raw, { prompt: [504, 3575, 282], max_tokens: 1 });
    expect(body.usage.prompt_tokens).toBe(3);
  });

  test("log-probabilities while streaming belong to the streamed text", async () => {
    const events = await stream(server, chat, { ...hello, logprobs: true, top_logprobs: 2 });
    const entries = events.flatMap((event) => event.choices[0]?.logprobs?.content ?? []);
    expect(entries).toHaveLength(6);
    expect(entries.map((entry: { token: string }) => entry.token).join("")).toBe(
      events.map((event) => event.choices[0]?.delta.content ?? "").join(""),
    );
    for (const entry of entries) expect(entry.top_logprobs).toHaveLength(2);
  });

  test("models and health", async () => {
    const models = await (await fetch(`${server.url}/v1/models`)).json();
    expect(models.data).toMatchObject([{ id: "small", slots: 8, context_length: 1_024 }]);
    expect((await fetch(`${server.url}/v1/models/small`)).status).toBe(200);
    const health = await fetch(`${server.url}/health`, { headers: { authorization: "" } });
    expect(await health.json()).toMatchObject({ status: "ok", live: 0 });
  });

  test("unknown fields are ignored", async () => {
    expect((await post(server, chat, { ...hello, store: true, user: "me", metadata: {} })).status).toBe(200);
  });
});

describe("refusals, in OpenAI's shape", () => {
  const long = "word ".repeat(1_200);
  test.each([
    [chat, {}, 400, "messages"],
    [chat, { messages: [] }, 400, "messages"],
    [chat, { messages: [{ role: "robot", content: "x" }] }, 400, "messages[0].role"],
    [chat, { ...hello, temperature: 3 }, 400, "temperature"],
    [chat, { ...hello, temperature: "hot" }, 400, "temperature"],
    [chat, { ...hello, top_p: 0 }, 400, "top_p"],
    [chat, { ...hello, n: 0 }, 400, "n"],
    [chat, { ...hello, max_tokens: 0 }, 400, "max_tokens"],
    [chat, { ...hello, logprobs: true, top_logprobs: 21 }, 400, "top_logprobs"],
    [chat, { ...hello, top_logprobs: 2 }, 400, "top_logprobs"],
    [chat, { ...hello, stop: [1] }, 400, "stop"],
    [chat, { ...hello, seed: 1.5 }, 400, "seed"],
    [chat, { ...hello, response_format: { type: "xml" } }, 400, "response_format.type"],
    [
      chat,
      { ...hello, response_format: { type: "json_schema", json_schema: { schema: { type: "odd" } } } },
      400,
      "response_format.json_schema.schema",
    ],
    [chat, { ...hello, model: "gpt-9" }, 404, "model"],
    [raw, { prompt: "x", logprobs: 30 }, 400, "logprobs"],
    [raw, { prompt: [49_999_999] }, 400, "prompt"],
    [raw, { prompt: "" }, 400, "prompt"],
    ["/v1/embeddings", {}, 404, null],
  ])("%s %j → %i %s", async (path, body, status, param) => {
    const answer = await post(server, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", param });
    expect(answer.body.error.message.length).toBeGreaterThan(10);
  });

  test.each([
    [chat, { messages: user(long) }],
    [raw, { prompt: long }],
  ])("%s with too long a text", async (path, body) => {
    const answer = await post(server, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe("context_length_exceeded");
  });

  test("broken JSON, a wrong method, a wrong key", async () => {
    expect((await post(server, chat, "{")).body.error.message).toMatch(/JSON/);
    expect((await fetch(server.url + chat)).status).toBe(405);
    const refused = await post(server, chat, hello, { headers: { authorization: "Bearer other" } });
    expect(refused.status).toBe(401);
    expect(refused.body.error.code).toBe("invalid_api_key");
  });
});

test("a full queue is answered with 429 and Retry-After", async () => {
  const small = await startTestServer({ slots: 1, context: 512, mostQueued: 2, key: "secret" });
  const request = { prompt: "Once upon a time", max_tokens: 40 };
  const answers = await Promise.all(Array.from({ length: 6 }, () => post(small, raw, request)));
  const refused = answers.filter((answer) => answer.status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(3);
  expect(answers.filter((answer) => answer.status === 200).length).toBeGreaterThanOrEqual(2);
  for (const answer of refused) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  await small.close();
});
