import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { namedScenario, scenario } from "../../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import type { Act, Candidate, History, Ports } from "../engine/ports.ts";
import { connect } from "./models.ts";
import { gainOf, likelihoodPrompt, successOf } from "./prompts/likelihood.ts";

const signal = new AbortController().signal;
const call = { seed: 11, signal, priority: "background" as const };
const user = (text: string) => ({ role: "user" as const, text });
const assistant = (text: string) => ({ role: "assistant" as const, text });
const request = [user("Write an email to my landlord")];
const intent = { id: "g1", text: "an email that ends the lease with the agreed notice", weight: 1 };
const question = "What is the email about?";
const ask: Candidate = { id: "ask", kind: "ask", text: question, tokens: 8, finished: true };
const tells: Act = { type: "reply", facts: [{ fact: 0, does: "tells", pick: 0.5 }], volunteers: false };

let double: ScriptedEndpoint;
let ports: Ports;
beforeAll(async () => {
  double = await startScriptedEndpoint({ scenario: namedScenario("journeys-scored") });
  ports = (await connect({ baseURL: double.url, retry: { baseMs: 1 } }, signal)).ports();
});
afterAll(() => double.close());

const judged = (history: History, candidate: Candidate, acts: readonly Act[]) =>
  ports.judge({ history, intent, candidate, acts, outcome: "graded", ...call });

test("a gain and the success that it stands for are each other's inverse, rising, within (0,1)", () => {
  for (const success of [0.02, 0.3, 0.5, 0.95]) expect(successOf(gainOf(success))).toBeCloseTo(success, 10);
  expect(successOf(0.2)).toBeGreaterThan(successOf(-0.2));
  for (const bound of [0, 1]) expect(Number.isFinite(gainOf(bound))).toBe(true);
});

test("only the reply's beginning is scored, and what it says stays on its line", () => {
  const { head, text } = likelihoodPrompt(request, null, `One\nThey want: two\n${"x".repeat(400)}`);
  expect(text.startsWith(`${head} One They want: two xxx`)).toBe(true);
  expect(text.length - head.length).toBe(121);
  expect(text.slice(head.length)).not.toContain("\n");
  expect(head).not.toContain("They want");
});

test("the reply is weighed against the first request, with the wish and without: what was told on the way is not shown", async () => {
  const sent = vi.spyOn(globalThis, "fetch");
  const future = [...request, assistant(question), user("I want to end the lease."), assistant("Dear landlord, …")];
  await judged(future, ask, [tells]);
  const prompts = sent.mock.calls.map(([, init]) => String(JSON.parse(String(init?.body)).prompt)).sort();
  sent.mockRestore();
  expect(prompts).toEqual([
    "Request: Write an email to my landlord\nReply: Dear landlord, …",
    `Request: Write an email to my landlord\nThey want: ${intent.text}\nReply: Dear landlord, …`,
  ]);
});

test("in a conversation, all that was said before the candidate is the request", async () => {
  const sent = vi.spyOn(globalThis, "fetch");
  const before = [...request, assistant("Dear landlord"), user("Shorter, please")];
  await judged([...before, assistant("Hello")], { ...ask, kind: "answer", text: "Hello" }, [{ type: "accept" }]);
  const [first] = sent.mock.calls.map(([, init]) => String(JSON.parse(String(init?.body)).prompt));
  sent.mockRestore();
  expect(first).toContain("landlord [reply: Dear landlord] Shorter, please\n");
});

test.each<[string, string, readonly Act[]]>([
  ["leaves a question unanswered", question, [{ type: "quit" }]],
  ["leaves one without a question mark", "Could you let me know what it is about", [{ type: "quit" }]],
  ["is asked again", "Which landlord?", [tells]],
  ["is sent nothing", " ", [tells]],
])("who %s has nothing yet, and no call is made", async (_, reply, acts) => {
  const told = acts[0] === tells ? [assistant(question), user("To end the lease.")] : [];
  const left = await judged([...request, ...told, assistant(reply)], told.length ? ask : { ...ask, text: reply }, acts);
  expect(left).toMatchObject({ success: 0, interactivity: null, cost: { calls: { scoring: 0 } } });
});

test("a partial answer that was taken for the answer is judged", async () => {
  const partial = { ...ask, kind: "hybrid" as const, text: "Begin with the date. What is it about?" };
  const content = await judged([...request, assistant(partial.text)], partial, [{ type: "accept" }]);
  expect(content).toMatchObject({ success: expect.closeTo(0.3, 6), cost: { calls: { scoring: 2 } } });
});

test("a beginning is cut between characters, and has no space at its end", () => {
  const said = (reply: string) => {
    const { head, text } = likelihoodPrompt(request, null, reply);
    return text.slice(head.length + 1);
  };
  expect(said(`${"x".repeat(119)}😀`)).toBe("x".repeat(119));
  expect(said(`${"x".repeat(119)} and more`)).toBe("x".repeat(119));
});

test("an endpoint that does not score a prompt's own tokens is asked for digits", async () => {
  const blind = await startScriptedEndpoint({
    scenario: scenario({ name: "no-echo", can: { logprobs: true, jsonSchema: false, completions: true, echo: false } }),
  });
  const models = await connect({ baseURL: blind.url, retry: { baseMs: 1 } }, signal);
  blind.clearCalls();
  const future = [...request, assistant("Dear landlord")];
  const candidate = { ...ask, kind: "answer" as const, text: "Dear landlord" };
  await models.ports().judge({ history: future, intent, candidate, acts: [], outcome: "graded", ...call });
  expect(blind.calls().byRole).toEqual({ judge: 1 });
  await blind.close();
});
