import { expect, onTestFinished, test } from "vitest";
import { post, stream } from "../testing.ts";
import { startFakeServer } from "./testing.ts";

const raw = "/v1/completions";
async function open(options: Parameters<typeof startFakeServer>[0]) {
  const server = await startFakeServer(options);
  onTestFinished(() => server.close());
  return server;
}

test("a character split across tokens counts once in text_offset, whole or streamed", async () => {
  const server = await open({ answer: "é漢x" });
  const request = { prompt: "à日b", echo: true, max_tokens: 6, logprobs: 0 };
  const offsets = [0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 5];
  const { body } = await post(server, raw, request);
  expect(body.choices[0].text).toBe("à日bé漢x");
  expect(body.choices[0].logprobs.text_offset).toEqual(offsets);
  const events = await stream(server, raw, request);
  expect(events.flatMap((event) => event.choices[0].logprobs?.text_offset ?? [])).toEqual(offsets);
});

test.each([
  [0, 7],
  [1, 5],
  [2, 2],
  [3, 1],
])("echo_from %i scores no token before the one that holds the character", async (from, scored) => {
  const server = await open({});
  await post(server, raw, { prompt: "à日bc", echo: true, max_tokens: 0, logprobs: 0, echo_from: from });
  expect(server.jobs[0]?.scored).toBe(scored);
});

test("echo streamed is echo whole: the prompt comes first, of each choice", async () => {
  const server = await open({ answer: "yes" });
  for (const logprobs of [null, 1])
    for (const max_tokens of [0, 3]) {
      const request = { prompt: ["one", "two"], n: 2, echo: true, max_tokens, logprobs };
      const { body } = await post(server, raw, request);
      expect(body.choices[3].text).toBe(max_tokens ? "twoyes" : "two");
      const events = await stream(server, raw, request);
      for (const { index, text, logprobs: whole, finish_reason } of body.choices) {
        const pieces = events.flatMap(({ choices }) => (choices[0].index === index ? choices : []));
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        expect(pieces.at(-1).finish_reason).toBe(finish_reason);
        const parts = pieces.flatMap((piece) => piece.logprobs ?? []);
        expect(parts.length > 0).toBe(logprobs !== null);
        for (const key of logprobs === null ? [] : ["tokens", "token_logprobs", "top_logprobs", "text_offset"])
          expect(parts.flatMap((part) => part[key])).toEqual(whole[key]);
      }
    }
});

test("tokens spelled like what every object has are alternatives as others are", async () => {
  const spelled = ["constructor", "toString", "__proto__"];
  const server = await open({
    vocabulary: { tokenize: () => [0, 1, 2], bytes: (token) => new TextEncoder().encode(spelled[token]) },
  });
  const { body } = await post(server, raw, { prompt: "x", max_tokens: 3, logprobs: 1 });
  const told = body.choices[0].logprobs.top_logprobs.flatMap((top: object) => Object.entries(top));
  expect(told).toEqual(spelled.map((text) => [text, -1]));
});

test.each([
  [raw, { prompt: "x" }],
  ["/v1/chat/completions", { messages: [{ role: "user", content: "x" }] }],
])("%s: where usage is asked for, every other event says null", async (path, request) => {
  const model = { render: () => "x", file: { template: "", bosText: "", eosText: "" } };
  const server = await open({ answer: "yes", model });
  const events = await stream(server, path, { ...request, stream_options: { include_usage: true } });
  expect(events.length).toBeGreaterThan(2);
  for (const event of events.slice(0, -1)) expect(event.usage).toBeNull();
  expect(events.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 3 } });
  for (const event of await stream(server, path, request)) expect(event).not.toHaveProperty("usage");
});
