import { describe, expect, it } from "vitest";
import type { Cost, History, Ports, Reply } from "../../../lib/engine/ports.ts";
import type { Capabilities } from "../../../lib/models/capabilities.ts";
import type { Models } from "../../../lib/models/models.ts";
import type { ChoiceItem, TalkItem } from "../form.ts";
import { decideChoice, seedFor } from "./choice.ts";
import { holdTalk, MOST_TURNS } from "./talk.ts";
import { versionsOf } from "./versions.ts";

const cost: Cost = { calls: { generating: 1, scoring: 0 }, tokensIn: 50, tokensCached: 40, tokensOut: 5, ms: 1 };
const scoring: Cost = { calls: { generating: 0, scoring: 1 }, tokensIn: 50, tokensCached: 40, tokensOut: 0, ms: 1 };
const reply = (text: string): Reply => ({ text, tokens: 10, finished: true, cost });
const last = (history: History) => history.at(-1)?.text ?? "";

/** Models in code: short requests are unclear, the table thinks the better of a question then, replies are given. */
function models(answer: (history: History) => string, seen?: string[]): Models {
  const unclear = (history: History) => last(history).length < 20;
  const ports = (system: string): Ports => ({
    clock: { now: () => performance.now(), sleep: (ms, signal) => sleep(ms, signal) },
    answer: ({ history, maxTokens }) => {
      seen?.push(`${system}|${maxTokens ?? "free"}`);
      return reply(answer(history));
    },
    clarity: ({ history }) => ({ clear: unclear(history) ? 0.1 : 0.9, source: "scored", cost: scoring }),
    draft: ({ kind }) => reply(kind === "ask" ? "Which of them do you mean?" : `A ${kind} reply. Is that it?`),
    table: async ({ drafts }) => ({
      source: "scored",
      raw: true,
      intents: [
        { id: "a", text: "the first", weight: 0.5 },
        { id: "b", text: "the second", weight: 0.5 },
      ],
      rows: (await drafts).map(({ id, kind }) => ({
        candidate: id,
        cells: [0, 1].map(() => ({ usefulness: kind === "ask" ? 0.9 : 0.2, questions: 1 })),
      })),
      cost: scoring,
    }),
    selector: () => null,
    user: () => reply("the first"),
    assistant: () => ({ ...reply("Then it is this."), asks: false }),
    judge: () => ({ success: 0.5, interactivity: null, cost: scoring }),
  });
  const capabilities: Capabilities = {
    model: "m",
    contextLength: 4096,
    contextTold: true,
    slots: 4,
    logprobs: true,
    jsonSchema: true,
    completions: true,
    echo: true,
    reasoning: false,
    tokenMs: 10,
    notes: [],
  };
  return {
    capabilities: { assistant: capabilities, simulator: capabilities, judge: capabilities },
    ids: { assistant: "m", simulator: "m", judge: "m" },
    ports: (own = {}) => ports(own.system ?? ""),
    replyMs: () => 2000,
    check: () => {},
    endpoint: {} as Models["endpoint"],
  };
}
const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

const item = (content: string, label: "ask" | "answer"): ChoiceItem => ({
  id: content,
  messages: [{ role: "user", content }],
  label,
});
const common = { preset: undefined, seed: 1, stop: new AbortController().signal };

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

  it("ends after the second late wrong attempt, and after eight turns", async () => {
    const wrong = await holdTalk({ ...common, models: models(() => "It is 3."), name: "direct", item: talk });
    expect(wrong).toMatchObject({ solved: false, turns: 4, earlyAttempts: 2 });
    const asking = await holdTalk({ ...common, models: models(() => "What else?"), name: "direct", item: talk });
    expect(asking).toMatchObject({ solved: false, turns: MOST_TURNS, questions: MOST_TURNS, emptyQuestions: 6 });
  });
});

it("tells states of the prompts and policies apart", () => {
  expect(versionsOf("direct", undefined)).not.toBe(versionsOf("proactive", undefined));
  expect(versionsOf("parley", "fast")).not.toBe(versionsOf("parley", "deep"));
  expect(versionsOf("table", undefined)).toBe(versionsOf("table", undefined));
});
