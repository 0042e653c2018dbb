import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Models } from "../../lib/models/models.ts";
import { evaluateSet, Interrupted, type Surroundings } from "./evaluate.ts";
import { models } from "./fixture.ts";
import type { EvaluationSet } from "./form.ts";
import { type Options, readOptions } from "./options.ts";

let out = "";
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "parley-evaluate-"));
});
afterEach(() => rm(out, { recursive: true }));

const options = (...args: string[]): Options => {
  const read = readOptions([...args, "--out", out]);
  if (!read) throw new Error("no options");
  return read;
};
const requests: EvaluationSet = {
  kind: 1,
  name: "file:requests",
  items: [
    "Do it.",
    "Go.",
    "Write.",
    "Which planet is the largest?",
    "How many days has a leap year?",
    "Who wrote Dracula, and when?",
  ].map((content, index) => ({
    id: `${index}`,
    messages: [{ role: "user", content }],
    label: content.length < 10 ? "ask" : "answer",
  })),
  training: [],
};
const talks: EvaluationSet = {
  kind: 2,
  name: "file:talks",
  items: ["3", "4"].map((answer) => ({
    id: answer,
    first: "How many?",
    facts: ["One more than 2."],
    answer,
    check: "number",
  })),
};

function around(given: Models): { surroundings: Surroundings; said: string[] } {
  const said: string[] = [];
  const surroundings: Surroundings = {
    models: async () => given,
    keeper: null,
    stop: new AbortController().signal,
    say: (line) => said.push(line),
    output: { write: () => true },
  };
  return { surroundings, said };
}

it("measures a set of kind 1 and says everything that the results need", async () => {
  const { surroundings, said } = around(models(() => "It is so."));
  const { results } = await evaluateSet(requests, options("--policy", "check,table,proactive"), surroundings);
  expect(results.map((one) => one.policy)).toEqual([
    "check",
    "table",
    "proactive",
    "always_ask",
    "always_answer",
    "bag_of_words",
  ]);
  expect(results[1]).toMatchObject({
    set: "file:requests",
    n: 6,
    auc: 1,
    ask_rate_clear: 0,
    ask_rate_unclear: 1,
    macro_f1: 1,
  });
  expect(results[2]).toMatchObject({ auc: null, ece: null, ask_rate_unclear: 0 });
  expect(Object.keys(results[0] ?? {})).toEqual(
    expect.arrayContaining(["auc_lo", "auc_hi", "balanced_accuracy", "ece", "calls", "tokens", "seconds"]),
  );
  expect(said.join("\n")).toMatch(/AUC: check − table = .*balanced accuracy: check − always_ask = \.50 \[/s);
  expect((await readdir(out)).filter((file) => file.endsWith(".svg")).sort()).toEqual([
    "file_requests--bag_of_words.svg",
    "file_requests--check.svg",
    "file_requests--table.svg",
  ]);
});

it("measures talks, paired", async () => {
  const { surroundings, said } = around(models(() => "The answer is 3."));
  const { results } = await evaluateSet(talks, options("--policy", "direct,proactive"), surroundings);
  expect(results).toMatchObject([
    { policy: "direct", n: 2, solved: 0.5, first_attempt: 0.5, turns: 2 },
    { policy: "proactive", n: 2, solved: 0.5 },
  ]);
  expect(said.join("\n")).toContain("solved: direct − proactive = .00");
});

it("prints and returns what it has when the endpoint dies, and goes on from there", async () => {
  let left = 2;
  const dying = models(() => {
    left -= 1;
    if (left < 0) throw new Error("the endpoint died");
    return "The answer is 3.";
  });
  const wanted = options("--policy", "direct,proactive", "--parallel", "1");
  const { surroundings } = around(dying);
  const many: EvaluationSet = {
    ...talks,
    items: ["3", "5", "6", "7"].map((id) => ({
      id,
      first: "How many?",
      facts: [],
      answer: "3",
      check: "number" as const,
    })),
  };
  const failure = await evaluateSet(many, wanted, surroundings).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Interrupted);
  expect(failure instanceof Interrupted ? failure.results : []).toMatchObject([{ policy: "direct", n: 2 }]);
  let calls = 0;
  const { surroundings: later } = around(
    models(() => {
      calls += 1;
      return "The answer is 3.";
    }),
  );
  await expect(evaluateSet(many, { ...wanted, policies: ["direct"] }, later)).resolves.toMatchObject({
    results: [{ n: 4, solved: 1 }],
    leftOut: 0,
  });
  expect(calls).toBe(2);
});
