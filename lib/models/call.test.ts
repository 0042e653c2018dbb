import { afterEach, expect, test, vi } from "vitest";
import { type Scenario, scenario } from "../../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import { type ChatRequest, chat, chatStream } from "./chat.ts";
import { createEndpoint, type EndpointOptions } from "./endpoint.ts";
import { ModelError } from "./errors.ts";
import type { CallLog } from "./log.ts";
import { assistantMessages } from "./prompts/assistant.ts";

vi.setConfig({ testTimeout: 60_000 });

const open: ScriptedEndpoint[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((double) => double.close()));
});

type Topics = Parameters<typeof scenario>[0]["topics"];
/** A double that plays `topics`, and a request to it; retries hardly wait. */
async function stage(topics: Topics, options: EndpointOptions = {}, more: Partial<Scenario> = {}) {
  const double = await startScriptedEndpoint({ scenario: scenario({ name: "test", ...more, topics }) });
  open.push(double);
  const calls: CallLog[] = [];
  const endpoint = createEndpoint({
    baseURL: double.url,
    retry: { baseMs: 1, random: () => 0.5 },
    onCall: (call) => calls.push(call),
    ...options,
  });
  const request = (text: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
    endpoint,
    model: "scripted",
    purpose: "answer",
    work: "generating",
    promptVersion: "test/1",
    seed: 3,
    priority: "foreground",
    signal: new AbortController().signal,
    messages: assistantMessages([{ role: "user", text }], "answer"),
    maxTokens: 100,
    temperature: 0.7,
    ...more,
  });
  return { double, calls, endpoint, request };
}
const failureOf = async (promise: Promise<unknown>): Promise<ModelError> => {
  const failure = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(failure instanceof ModelError)) throw new Error(`expected a ModelError, got ${String(failure)}`);
  return failure;
};
const outcomes = (calls: CallLog[]) => calls.map((call) => call.outcome);
/** Waits for something the other process does on its own; the suite's time limit is the only clock. */
const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("a call is logged with its numbers and without its text", async () => {
  const { calls, request } = await stage([{ match: "hello", clear: 1, answer: "Hello to you." }]);
  const result = await chat(request("hello"));
  expect(result).toMatchObject({ text: "Hello to you.", finish: "stop" });
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    purpose: "answer",
    model: "scripted",
    seed: 3,
    attempt: 1,
    outcome: "ok",
    tokensOut: 3,
  });
  expect(calls[0]).toMatchObject({ promptVersion: "test/1", estimated: false, tokensCached: 0 });
  expect(JSON.stringify(calls)).not.toContain("Hello to you");
});

test.each([
  ["500", "model_broken"],
  ["408", "model_timeout"],
] as const)("HTTP %s is tried again, and each try is logged", async (fail, outcome) => {
  const { calls, request } = await stage([{ match: ".", clear: 1, answer: "At last.", fail, failTimes: 2 }]);
  expect((await chat(request("hello"))).text).toBe("At last.");
  expect(outcomes(calls)).toEqual([outcome, outcome, "ok"]);
  expect(calls.map((call) => call.attempt)).toEqual([1, 2, 3]);
});

test("a server that goes on failing ends as a typed error", async () => {
  const { calls, request, endpoint } = await stage([{ match: ".", clear: 1, answer: "Never.", fail: "500" }]);
  expect(await failureOf(chat(request("hello")))).toMatchObject({ code: "model_broken", status: 500 });
  expect(calls).toHaveLength(3);
  expect(endpoint.limiter.active).toBe(0);
});

test("a refused key is not tried again", async () => {
  const { calls, request } = await stage([{ match: ".", clear: 1, answer: "Never.", fail: "401" }]);
  expect(await failureOf(chat(request("hello")))).toMatchObject({ code: "model_refused_key", retryable: false });
  expect(calls).toHaveLength(1);
});

test("Retry-After is honoured, and one that is too long ends the call", async () => {
  const topics = [{ match: ".", clear: 1, answer: "Now.", fail: "429" as const, failTimes: 1 }];
  const soon = await stage(topics, {}, { retryAfterSeconds: 0.02 });
  expect((await chat(soon.request("hello"))).text).toBe("Now.");
  expect(outcomes(soon.calls)).toEqual(["rate_limited", "ok"]);

  const late = await stage(topics, {}, { retryAfterSeconds: 3600 });
  expect(await failureOf(chat(late.request("hello")))).toMatchObject({ code: "rate_limited", retryAfterMs: 3_600_000 });
  expect(late.calls).toHaveLength(1);
});

test("nobody there is a typed error after the retries", async () => {
  const { double, request, calls } = await stage([]);
  await double.close();
  expect(await failureOf(chat(request("hello")))).toMatchObject({ code: "model_unreachable" });
  expect(calls).toHaveLength(3);
});

test("a stream that breaks is repeated while nobody has seen any of it", async () => {
  const { calls, request } = await stage([
    { match: ".", clear: 1, answer: "One two three four.", fail: "disconnect", failTimes: 1 },
  ]);
  expect((await chat(request("hello"))).text).toBe("One two three four.");
  expect(outcomes(calls)).toEqual(["model_broken", "ok"]);
});

test("bytes that are no JSON are a broken stream", async () => {
  const { calls, request } = await stage([{ match: ".", clear: 1, answer: "One two.", fail: "garbled", failTimes: 1 }]);
  expect((await chat(request("hello"))).text).toBe("One two.");
  expect(outcomes(calls)).toEqual(["model_broken", "ok"]);
});

test("after text was shown a broken stream is never repeated", async () => {
  const { calls, request } = await stage([{ match: ".", clear: 1, answer: "One two three four.", fail: "disconnect" }]);
  const shown: string[] = [];
  const failure = await failureOf(
    (async () => {
      for await (const piece of chatStream(request("hello"))) shown.push(piece);
    })(),
  );
  expect(failure.code).toBe("model_broken");
  expect(shown.join("")).toBe("One two");
  expect(calls).toHaveLength(1);
});

test("stopping closes the connection upstream and frees the place", async () => {
  const { double, calls, request, endpoint } = await stage([{ match: ".", clear: 1, answer: "On", fail: "endless" }]);
  const stop = new AbortController();
  const failure = await failureOf(
    (async () => {
      for await (const piece of chatStream(request("hello", { signal: stop.signal })))
        if (piece === " and") stop.abort();
    })(),
  );
  expect(failure.code).toBe("aborted");
  await until(() => double.calls().active === 0);
  expect(double.calls()).toMatchObject({ total: 1, aborted: 1 });
  expect(endpoint.limiter.active).toBe(0);
  expect(outcomes(calls)).toEqual(["aborted"]);
  expect(calls[0]).toMatchObject({ estimated: true });
});

test("a reader that leaves early closes the connection too", async () => {
  const { double, request, endpoint } = await stage([{ match: ".", clear: 1, answer: "On", fail: "endless" }]);
  for await (const _ of chatStream(request("hello"))) break;
  await until(() => double.calls().active === 0);
  expect(double.calls().aborted).toBe(1);
  expect(endpoint.limiter.active).toBe(0);
});

test("an abort while waiting for a place sends nothing", async () => {
  const { double, request } = await stage([{ match: ".", clear: 1, answer: "On", fail: "endless" }], { limit: 1 });
  const first = new AbortController();
  const second = new AbortController();
  const running = failureOf(chat(request("one", { signal: first.signal })));
  await until(() => double.calls().active === 1);
  const waiting = failureOf(chat(request("two", { signal: second.signal })));
  second.abort();
  expect((await waiting).code).toBe("aborted");
  first.abort();
  expect((await running).code).toBe("aborted");
  expect(double.calls().total).toBe(1);
});

test("a stream that falls silent times out", async () => {
  const { request, double } = await stage([{ match: ".", clear: 1, answer: "One two.", fail: "silence" }], {
    timeouts: { idleMs: 40 },
    retry: { attempts: 1 },
  });
  expect(await failureOf(chat(request("hello")))).toMatchObject({ code: "model_timeout", retryable: true });
  await until(() => double.calls().active === 0);
});

test("an endpoint that ignores max_tokens and never ends is cut off", async () => {
  const { request, double } = await stage([{ match: ".", clear: 1, answer: "On", fail: "endless" }]);
  const result = await chat(request("hello", { maxTokens: 4 }));
  expect(result.finish).toBe("length");
  await until(() => double.calls().active === 0);
  expect(double.calls().aborted).toBe(1);
});

test("background calls say so, and no more run at once than allowed", async () => {
  const { double, request } = await stage(
    [{ match: ".", clear: 1, answer: "Done." }],
    { limit: 3 },
    { latency: { medianMs: 20, sigma: 0.2, tokenMs: 0 } },
  );
  await Promise.all(Array.from({ length: 9 }, (_, n) => chat(request(`hello ${n}`, { priority: "background" }))));
  expect(double.calls().total).toBe(9);
  expect(double.calls().mostActive).toBeLessThanOrEqual(3);
  expect(double.calls().calls.every((call) => call.priority === "background")).toBe(true);
});
