import { describe, expect, it } from "vitest";
import { PortFailure } from "../../../lib/engine/ports.ts";
import { ModelError, type ModelErrorCode } from "../../../lib/models/errors.ts";
import { sampleDecision } from "../../../lib/shared/sample-decision.ts";
import { last, models } from "../fixture.ts";
import type { ChoiceItem, TalkItem } from "../form.ts";
import { decideChoice, questionScore, seedFor } from "./choice.ts";
import { holdTalk, MOST_TURNS } from "./talk.ts";
import { versionsOf } from "./versions.ts";

const item = (content: string, label: "ask" | "answer"): ChoiceItem => ({
  id: content,
  messages: [{ role: "user", content }],
  label,
});
const common = { preset: undefined, parallel: 1, seed: 1, stop: new AbortController().signal };

describe("kind 1", () => {
  const given = models(() => "It is seven.");
  const decide = (name: string, content: string) =>
    decideChoice({ ...common, models: given, name, item: item(content, "ask") });

  it("asks where the check and the table want it, and answers what is clear", async () => {
    const unclear = await decide("table", "Do it.");
    expect(unclear).toMatchObject({ asked: true, label: "ask" });
    expect(unclear.score).toBeGreaterThan(0.5);
    const clear = await decide("table", "How many days does a leap year have?");
    expect(clear).toMatchObject({ asked: false, told: { path: "clear" } });
    expect(clear.score).toBeCloseTo(0.1);
  });

  it("can stop at the check alone, for one scoring call", async () => {
    expect(await decide("check", "Do it.")).toMatchObject({ asked: true, score: 0.9, calls: 1, tokens: 10 });
  });

  it("reads a prompted policy by its words, without a score, and lets only the prompted one be prompted", async () => {
    const seen: string[] = [];
    const asking = models((history) => (last(history) === "Do it." ? "Do what?" : "Done."), seen);
    const run = (name: string, content: string) =>
      decideChoice({ ...common, models: asking, name, item: item(content, "ask") });
    expect(await run("proactive", "Do it.")).toMatchObject({ asked: true, score: null });
    expect(await run("direct", "Sweep the floor.")).toMatchObject({ asked: false, score: null });
    expect(seen[0]).toMatch(/^Before you reply.*\|96$/);
    expect(seen[1]).toBe("|96");
  });

  it("does not take a question that could not be drafted for a clear request", () => {
    const decision = sampleDecision();
    const answers = decision.candidates.filter(({ kind }) => kind === "assume");
    expect(questionScore({ ...decision, candidates: answers })).toBeCloseTo(0.8);
    expect(questionScore({ ...decision, candidates: answers, clarity: null })).toBeNull();
    const { candidates, intents } = decision;
    expect(questionScore({ ...decision, candidates, clarity: null })).not.toBeNull();
    expect(
      questionScore({ ...decision, candidates, clarity: null, intents: intents.filter((one) => one.other) }),
    ).toBeNull();
  });

  const failing = (code: ModelErrorCode) => {
    const whole = models(() => "It is seven.");
    const table = () => Promise.reject(new PortFailure("no table", undefined, { cause: new ModelError(code, code) }));
    return { ...whole, ports: (own = {}) => ({ ...whole.ports(own), table }) };
  };
  const withTable = (code: ModelErrorCode) =>
    decideChoice({ ...common, models: failing(code), name: "table", item: item("Do it.", "ask") });

  it("measures no turn that lost a call to an endpoint's failure, and every one that got by without a model's words", async () => {
    await expect(withTable("rate_limited")).rejects.toMatchObject({ cause: { code: "rate_limited" } });
    await expect(withTable("model_malformed")).resolves.toMatchObject({ kind: 1 });
  });

  it("draws from the seed and the item, not from the order of the run", () => {
    expect(seedFor(1, "a")).toBe(seedFor(1, "a"));
    expect(new Set([seedFor(1, "a"), seedFor(1, "b"), seedFor(2, "a")]).size).toBe(3);
  });
});

describe("kind 2", () => {
  const talk: TalkItem = {
    id: "t",
    first: "How many are left?",
    facts: ["There were 9.", "Two were sold."],
    answer: "7",
    check: "number",
  };

  it("holds a talk to the right attempt and counts what it took", async () => {
    const given = models((history) => (history.length < 5 ? "Could you tell me more?" : "9 − 2 = 7."));
    const held = await holdTalk({ ...common, models: given, name: "direct", item: talk });
    expect(held).toMatchObject({
      solved: true,
      firstAttempt: true,
      turns: 3,
      questions: 2,
      emptyQuestions: 0,
      calls: 3,
    });
    expect(held.messages.map((message) => message.text)).toEqual([
      "How many are left?",
      "Could you tell me more?",
      "There were 9.",
      "Could you tell me more?",
      "Two were sold.",
      "9 − 2 = 7.",
    ]);
  });

  it.each([
    ["parley", 1],
    ["fast", 1],
    ["balanced", 1],
    ["deep", 1],
    ["reference", 5],
    ["always_ask", 1],
    ["always_assume", 1],
    ["always_answer", 1],
  ])("lets %s hold it too, for at least so many calls a turn: %i", async (name, least) => {
    const short = { ...talk, first: "How many?" };
    const held = await holdTalk({ ...common, models: models(() => "It is 7."), name, item: short });
    expect(held.calls).toBeGreaterThanOrEqual(least * held.turns);
    const [, first] = held.messages;
    if (name === "always_ask") expect(first?.text).toBe("Which of them do you mean?");
    if (name === "always_assume") expect(first?.text).toMatch(/^A assume reply/);
    if (name === "always_answer") expect(held).toMatchObject({ solved: true, turns: 1 });
    if (["parley", "balanced"].includes(name)) expect(first?.path).toMatch(/^(ask|hybrid)\//);
  });

  it("ends after the second late wrong attempt, and after eight turns", async () => {
    const wrong = await holdTalk({ ...common, models: models(() => "It is 3."), name: "direct", item: talk });
    expect(wrong).toMatchObject({ solved: false, turns: 4, earlyAttempts: 2 });
    const asking = await holdTalk({ ...common, models: models(() => "What else?"), name: "direct", item: talk });
    expect(asking).toMatchObject({ solved: false, turns: MOST_TURNS, questions: MOST_TURNS, emptyQuestions: 6 });
  });
});

it("tells states of the prompts and policies apart", () => {
  expect(versionsOf("direct", undefined, 1)).not.toBe(versionsOf("proactive", undefined, 1));
  expect(versionsOf("parley", "fast", 1)).not.toBe(versionsOf("parley", "deep", 1));
  expect(versionsOf("table", undefined, 1)).toBe(versionsOf("table", undefined, 1));
  expect(versionsOf("direct", undefined, 1)).not.toBe(versionsOf("direct", undefined, 2));
});
