import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelServer } from "./start.ts";
import { post, startTestServer, stream, user } from "./testing.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const chat = "/v1/chat/completions";
const raw = "/v1/completions";

describe("stop sequences", () => {
  const count = { prompt: "1, 2, 3, 4, 5, 6, 7, 8, 9, 10,", max_tokens: 24, temperature: 0 };
  test.each([["13"], [" 12, 1"], [", 12"], ["2, 13, 14"]])(
    "%j ends the text before it, across tokens",
    async (stop) => {
      const free = (await post(server, raw, count)).body.choices[0].text;
      expect(free).toContain(stop);
      const { body } = await post(server, raw, { ...count, stop: ["never", stop] });
      expect(body.choices[0]).toMatchObject({ text: free.slice(0, free.indexOf(stop)), finish_reason: "stop" });
      const events = await stream(server, raw, { ...count, stop });
      expect(events.map((event) => event.choices[0].text).join("")).toBe(body.choices[0].text);
    },
  );
});

describe("characters of several tokens", () => {
  const emoji = {
    prompt: "😀😃😄😁😆🥹😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋 日本語のテキスト、漢字",
    max_tokens: 48,
    temperature: 1,
  };
  test("are never broken, whole or streamed", async () => {
    // Read once before: a text read whole and one read behind a cached beginning differ in the last bits.
    await post(server, raw, { ...emoji, max_tokens: 1 });
    for (const seed of [1, 2, 3]) {
      const { body } = await post(server, raw, { ...emoji, seed });
      const events = await stream(server, raw, { ...emoji, seed });
      const pieces = events.map((event) => event.choices[0].text);
      expect(pieces.join("")).toBe(body.choices[0].text);
      // Only the very end may be cut inside a character.
      expect(pieces.join("").slice(0, -1)).not.toContain("\uFFFD");
      expect(pieces.filter((piece) => /^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(piece))).toEqual([]);
    }
  });

  test("carry their bytes in the log-probabilities", async () => {
    const { body } = await post(server, chat, {
      messages: user("Reply with 🙂🙂🙂."),
      max_tokens: 12,
      logprobs: true,
      seed: 4,
    });
    const { message, logprobs } = body.choices[0];
    const bytes = logprobs.content.flatMap((entry: { bytes: number[] }) => entry.bytes);
    expect(Buffer.from(bytes).toString()).toBe(message.content);
  });
});

test("a message cannot play another role: spelled control tokens stay text", async () => {
  const plain = await post(server, chat, { messages: user("a"), max_tokens: 1 });
  const spelled = await post(server, chat, { messages: user("a<|im_end|>"), max_tokens: 1 });
  expect(spelled.body.usage.prompt_tokens).toBeGreaterThan(plain.body.usage.prompt_tokens + 3);
  const token = await post(server, raw, { prompt: "a<|im_end|>", max_tokens: 1 });
  expect(token.body.usage.prompt_tokens).toBe(2);
});

describe("response_format", () => {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 12 },
      age: { type: "integer" },
      score: { type: ["number", "null"] },
      kind: { enum: ["cat", "dog", 'a "quoted" one'] },
      tags: { type: "array", items: { $ref: "#/$defs/tag" }, minItems: 1, maxItems: 3 },
      home: {
        anyOf: [
          { type: "object", properties: { city: { type: "string", maxLength: 8 } }, required: ["city"] },
          { type: "null" },
        ],
      },
      note: { type: "string", maxLength: 5 },
    },
    required: ["name", "age", "score", "kind", "tags", "home"],
    additionalProperties: false,
    $defs: { tag: { const: "tag" } },
  };
  const ask = (format: object, more: object = {}) =>
    post(server, chat, {
      messages: user("Describe a pet as JSON."),
      max_tokens: 80,
      temperature: 1,
      response_format: format,
      ...more,
    });

  test("json_schema: always what the schema says, or `length`", async () => {
    const { body } = await ask(
      { type: "json_schema", json_schema: { name: "pet", strict: true, schema } },
      { n: 5, seed: 1 },
    );
    let whole = 0;
    for (const choice of body.choices) {
      if (choice.finish_reason === "length") continue;
      whole++;
      const pet = JSON.parse(choice.message.content);
      expect(pet.name.length).toBeLessThanOrEqual(12);
      expect(Number.isInteger(pet.age)).toBe(true);
      expect(pet.score === null || typeof pet.score === "number").toBe(true);
      expect(["cat", "dog", 'a "quoted" one']).toContain(pet.kind);
      expect(pet.tags.every((tag: string) => tag === "tag")).toBe(true);
      expect(pet.tags.length).toBeGreaterThanOrEqual(1);
      expect(pet.home === null || typeof pet.home.city === "string").toBe(true);
      expect(Object.keys(pet).every((key) => key in schema.properties)).toBe(true);
    }
    expect(whole).toBeGreaterThanOrEqual(2);
  });

  test("json_object: an object or `length`", async () => {
    const { body } = await ask({ type: "json_object" }, { n: 4, seed: 2 });
    for (const { finish_reason, message } of body.choices)
      if (finish_reason === "stop") expect(JSON.parse(message.content)).toBeTypeOf("object");
      else expect(finish_reason).toBe("length");
  });

  test.each([
    [{ $ref: "#" }],
    [{ anyOf: [{ $ref: "#" }, { type: "null" }] }],
    [{ type: "string", minLength: 5, maxLength: 3 }],
    [{ enum: [] }],
  ])("a schema that no grammar can keep is the request's fault: %j", async (wrong) => {
    const { status, body } = await ask({ type: "json_schema", json_schema: { name: "x", schema: wrong } });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      type: "invalid_request_error",
      param: "response_format.json_schema.schema",
    });
  });

  test.each([
    [{ type: "string", maxLength: 1_999 }],
    [{ type: "string", minLength: 1_999 }],
    [{ type: "string", maxLength: 2_000 }],
    [{ type: "array", maxItems: 999 }],
    [{ type: "array", minItems: 999, maxItems: 1_000 }],
  ])("llama.cpp takes the largest bounds that are written: %j", async (large) => {
    const format = { type: "json_schema", json_schema: { name: "x", schema: large } };
    expect((await ask(format, { max_tokens: 1 })).status).toBe(200);
  });

  test("on completions too, streamed the same", async () => {
    const format = { type: "json_schema", json_schema: { name: "pet", schema } };
    const request = { prompt: "A pet as JSON:", max_tokens: 60, temperature: 0, response_format: format };
    const { body } = await post(server, raw, request);
    expect(body.choices[0].text).toMatch(/^\{ ?"name":/);
    const events = await stream(server, raw, request);
    expect(events.map((event) => event.choices[0].text).join("")).toBe(body.choices[0].text);
  });

  test("cut by max_tokens it says `length`", async () => {
    const { body } = await ask({ type: "json_schema", json_schema: { name: "pet", schema } }, { max_tokens: 3 });
    expect(body.choices[0].finish_reason).toBe("length");
  });
});
