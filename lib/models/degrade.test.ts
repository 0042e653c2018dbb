import { afterEach, expect, test, vi } from "vitest";
import { scenario } from "../../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import type { Candidate, History } from "../engine/ports.ts";
import { connect } from "./models.ts";
import { instructionOf } from "./prompts/assistant.ts";

vi.setConfig({ testTimeout: 60_000 });

const open: ScriptedEndpoint[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((double) => double.close()));
});
const signal = new AbortController().signal;
const call = { seed: 1, signal, priority: "foreground" as const };

type Data = Parameters<typeof scenario>[0];
async function staged(topic: Partial<NonNullable<Data["topics"]>[number]>, more: Partial<Data> = {}) {
  const double = await startScriptedEndpoint({
    scenario: scenario({
      name: "degrade",
      can: { completions: false },
      topics: [{ match: ".", clear: 0.5, answer: "An answer.", ...topic }],
      ...more,
    }),
  });
  open.push(double);
  const models = await connect({ baseURL: double.url, retry: { baseMs: 1 } }, signal);
  double.clearCalls();
  const notes: string[] = [];
  return { double, models, notes, ports: models.ports({ onNote: (note) => notes.push(note) }) };
}
const user = (text: string) => ({ role: "user" as const, text });
const assistant = (text: string) => ({ role: "assistant" as const, text });
const draft: Candidate = { id: "answer", kind: "answer", text: "An answer.", tokens: 2, finished: true };
const drafts = Promise.resolve([draft]);

test("an unreadable table is asked for once more", async () => {
  const { double, ports, notes } = await staged({ fail: "malformed", failRoles: ["table"], failTimes: 1 });
  const table = await ports.table({ history: [user("hello")], drafts, ...call });
  expect(table.intents.length).toBeGreaterThan(0);
  expect(table.cost.calls).toEqual({ generating: 0, scoring: 2 });
  expect(double.calls().byRole).toEqual({ table: 2 });
  expect(notes).toEqual([]);
});

test("a table that stays unreadable fails with its reason and its cost", async () => {
  const { ports, notes } = await staged({ fail: "malformed", failRoles: ["table", "clarity", "judge"] });
  const history = [user("hello")];
  await expect(ports.table({ history, drafts, ...call })).rejects.toMatchObject({
    name: "PortFailure",
    cost: { calls: { scoring: 2 } },
    cause: { code: "model_malformed" },
  });
  expect(notes).toEqual(["the model's structured answer (table) could not be read, twice"]);
  await expect(ports.clarity({ history, ...call })).rejects.toMatchObject({ name: "PortFailure" });
  const future = [...history, assistant("An answer.")];
  const intent = { id: "g1", text: "a wish", weight: 1 };
  const judged = ports.judge({ history: future, intent, candidate: draft, acts: [], outcome: "graded", ...call });
  await expect(judged).rejects.toMatchObject({ cause: { code: "model_malformed" } });
});

test("a history longer than the context loses its oldest messages, and the result says so", async () => {
  const { ports, notes, double } = await staged({}, { contextLength: 1200 });
  const long = "word ".repeat(120);
  const history: History = [user(`first ${long}`), assistant(long), user(long), assistant("Yes."), user("And now?")];
  await ports.answer({ history, onText: () => {}, ...call });
  expect(notes).toEqual([expect.stringMatching(/^history trimmed: the oldest 2 of 5 messages/)]);
  expect(double.calls().total).toBe(1);
});

test("a long system text takes its room from the history, not from the answer", async () => {
  const { models, double } = await staged({}, { contextLength: 1200 });
  const notes: string[] = [];
  const ports = models.ports({ system: "word ".repeat(240), onNote: (note) => notes.push(note) });
  const long = "word ".repeat(120);
  const history: History = [user(`first ${long}`), assistant(long), user(long), assistant("Yes."), user("And now?")];
  await ports.answer({ history, onText: () => {}, ...call });
  await ports.draft({ history, id: "assume", kind: "assume", index: 1, ...call });
  expect(notes).toEqual([expect.stringMatching(/^history trimmed: the oldest 4 of 5 messages/)]);
  expect(double.calls().total).toBe(2);
});

test("one message that cannot fit is refused before anything is sent; what only reads shortens it", async () => {
  const { models, ports, double } = await staged({}, { contextLength: 1200 });
  const history = [user("word ".repeat(1000))];
  expect(() => models.check(history)).toThrow(/too long/);
  await expect(ports.answer({ history, onText: () => {}, ...call })).rejects.toMatchObject({
    cause: { code: "message_too_long" },
  });
  expect(double.calls().total).toBe(0);
  await ports.clarity({ history, ...call });
  await ports.table({ history, drafts, ...call });
  expect(double.calls().total).toBe(2);
});

test("a question that changed nothing earns no interactivity", async () => {
  const { ports } = await staged({});
  const history = [user("hello"), assistant("Which one?"), user("I do not mind."), assistant("An answer.")];
  const question: Candidate = { ...draft, id: "ask", kind: "ask", text: "Which one?" };
  const intent = { id: "g1", text: "a wish", weight: 1 };
  const judge = (does: "refuses" | "tells") =>
    ports.judge({
      history,
      intent,
      candidate: question,
      acts: [{ type: "reply", facts: [{ fact: 0, does, pick: 0 }], volunteers: false }],
      outcome: "graded",
      ...call,
    });
  expect((await judge("refuses")).interactivity).toBe(0);
  expect((await judge("tells")).interactivity).toBeCloseTo(0.6);
});

test("a small model is told nothing of a hybrid that it could repeat to the person", async () => {
  const hybrid = { history: [user("hello")], id: "hybrid", kind: "hybrid" as const, index: 1, ...call };
  const { ports } = await staged({ hybrid: "It depends. On what?" }, { can: { jsonSchema: false } });
  const sent = vi.spyOn(globalThis, "fetch");
  await ports.draft(hybrid);
  const said = sent.mock.calls.map(([, init]) => String(init?.body)).join();
  sent.mockRestore();
  expect(said).toContain(instructionOf("partial"));
  expect(said).not.toContain(instructionOf("hybrid"));
});

test("a small model's hybrid that has no question gets one, and one that ends in a question is left alone", async () => {
  const small = { can: { jsonSchema: false } };
  const hybrid = { history: [user("hello")], id: "hybrid", kind: "hybrid" as const, index: 1, ...call };
  const forgot = await staged({ hybrid: "It depends.", ask: "On what does it depend?" }, small);
  const reply = await forgot.ports.draft(hybrid);
  expect(reply).toMatchObject({ text: "It depends.\n\nOn what does it depend?", cost: { calls: { generating: 2 } } });
  const asked = await staged({ hybrid: "It depends. On what?", ask: "Why?" }, small);
  expect(await asked.ports.draft(hybrid)).toMatchObject({
    text: "It depends. On what?",
    cost: { calls: { generating: 1 } },
  });
});

test("what a small model writes instead of a question is no question, unless the caller cut it short", async () => {
  const { ports } = await staged({ ask: "Let us denote the number of books by T" }, { can: { jsonSchema: false } });
  const ask = { history: [user("How many books?")], id: "ask", kind: "ask" as const, ...call };
  for (const index of [1, 2])
    await expect(ports.draft({ ...ask, index })).rejects.toMatchObject({ cause: { code: "model_malformed" } });
  expect(await ports.draft({ ...ask, index: 1, maxTokens: 4 })).toMatchObject({ finished: false });
});

test("a small model's person who will not answer costs no call", async () => {
  const { ports, double } = await staged({}, { can: { jsonSchema: false } });
  const act = { type: "reply" as const, facts: [{ fact: 0, does: "refuses" as const, pick: 0 }], volunteers: false };
  const history = [user("hello"), assistant("Which one?")];
  const reply = await ports.user({ history, intent: { id: "g1", text: "a wish", weight: 1 }, act, ...call });
  expect(reply.text.length).toBeGreaterThan(5);
  expect(double.calls().total).toBe(0);
});
