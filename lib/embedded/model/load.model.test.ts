import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelServer } from "./start.ts";
import { idle, post, startTestServer, stream, user } from "./testing.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** A small seeded generator: the mix below is the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test("a closed connection frees its slot", async () => {
  const stop = new AbortController();
  const requests = Array.from({ length: 8 }, (_, index) =>
    fetch(`${server.url}/v1/completions`, {
      method: "POST",
      body: JSON.stringify({ prompt: `Count: ${index}`, max_tokens: 900, stream: true }),
      signal: stop.signal,
    }),
  );
  await Promise.all(requests);
  expect(server.scheduler.status().live).toBe(8);
  const { steps } = server.scheduler.status();
  stop.abort();
  await Promise.allSettled(requests);
  await idle(server);
  // The step that was running, and one that may have begun before the closing was seen.
  expect(server.scheduler.status().steps - steps).toBeLessThanOrEqual(12);
});

test("a request that was dropped while it waited never runs", async () => {
  const stop = new AbortController();
  const waiting = Array.from({ length: 30 }, () =>
    post(server, "/v1/completions", { prompt: "Once", max_tokens: 30 }, { signal: stop.signal }),
  );
  stop.abort();
  await Promise.allSettled(waiting);
  await idle(server);
  expect(server.scheduler.status().queued).toBe(0);
});

test("foreground and background both come to their end; the foreground is not last", async () => {
  const order: string[] = [];
  const run = async (name: string, headers: Record<string, string>) => {
    const answer = await post(
      server,
      "/v1/completions",
      { prompt: `Some words ${name}`, max_tokens: 24, temperature: 0 },
      { headers },
    );
    // It may end early with an end token, but it ends with an answer.
    expect(answer.status).toBe(200);
    order.push(name);
  };
  const background = Array.from({ length: 12 }, (_, index) =>
    run(`background ${index}`, { "x-parley-priority": "background" }),
  );
  await Promise.all([...background, run("person", {})]);
  expect(order.at(-1)).not.toBe("person");
  expect(order).toHaveLength(13);
});

test("200 mixed requests with random disconnects leave the server idle, clean and right", async () => {
  const next = random(11);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const starts = ["The sea is", `A long beginning. ${"On and on it goes. ".repeat(12)}`, "Dear sir,", "1, 2, 3,"];
  const reference = { prompt: `${starts[1]}At last`, max_tokens: 8, temperature: 0 };
  const before = (await post(server, "/v1/completions", reference)).body.choices[0].text;

  async function one(index: number): Promise<"answered" | "dropped"> {
    const stop = new AbortController();
    const drops = next() < 0.3;
    const headers = next() < 0.6 ? { "x-parley-priority": "background" } : {};
    const prompt = `${pick(starts)} ${index}`;
    const requests: [string, object][] = [
      ["/v1/completions", { prompt, max_tokens: 1, logprobs: 5, temperature: 0 }],
      ["/v1/completions", { prompt, max_tokens: 0, echo: true, logprobs: 1, echo_last: 6 }],
      ["/v1/completions", { prompt, max_tokens: 6, n: 2, seed: index }],
      ["/v1/chat/completions", { messages: user(prompt), max_tokens: 5, logprobs: true, top_logprobs: 3 }],
      ["/v1/chat/completions", { messages: user(prompt), max_tokens: 4, response_format: { type: "json_object" } }],
      ["/v1/chat/completions", { messages: user(prompt), max_tokens: 6, stop: ["e", "a"] }],
    ];
    const [path, body] = pick(requests);
    const afterMs = next() * 300;
    const timer = drops ? setTimeout(() => stop.abort(), afterMs) : undefined;
    try {
      const answer = await post(server, path, body, { headers, signal: stop.signal });
      expect(answer.status).toBe(200);
      return "answered";
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      return "dropped";
    } finally {
      clearTimeout(timer);
    }
  }

  const outcomes: string[] = [];
  for (let batch = 0; batch < 10; batch++)
    outcomes.push(...(await Promise.all(Array.from({ length: 20 }, (_, index) => one(batch * 20 + index)))));
  await idle(server);
  expect(outcomes).toHaveLength(200);
  expect(outcomes.filter((outcome) => outcome === "answered").length).toBeGreaterThan(100);
  expect((await post(server, "/v1/completions", reference)).body.choices[0].text).toBe(before);
  const whole = await post(server, "/v1/chat/completions", { messages: user("Hi"), max_tokens: 5, temperature: 0 });
  const events = await stream(server, "/v1/chat/completions", { messages: user("Hi"), max_tokens: 5, temperature: 0 });
  expect(events.map((event) => event.choices[0]?.delta.content ?? "").join("")).toBe(
    whole.body.choices[0].message.content,
  );
});
