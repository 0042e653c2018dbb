import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PortFailure } from "../../lib/engine/ports.ts";
import { ModelError } from "../../lib/models/errors.ts";
import type { Models } from "../../lib/models/models.ts";
import { evaluateSet, type Surroundings } from "./evaluate.ts";
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
    expect.stringMatching(/^file_requests-[0-9a-f]{6}--bag_of_words\.svg$/),
    expect.stringMatching(/--check\.svg$/),
    expect.stringMatching(/--table\.svg$/),
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
  const { results, failure } = await evaluateSet(many, wanted, surroundings);
  expect(failure).toMatchObject({ gone: true });
  expect(results).toMatchObject([{ policy: "direct", n: 2 }]);
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
    failure: null,
  });
  expect(calls).toBe(2);
});

it("tells what is stored of the other policies and sets too, once the endpoint is gone", async () => {
  const whole = around(models(() => "The answer is 3.")).surroundings;
  await evaluateSet(talks, options("--policy", "proactive"), whole);
  let calls = 0;
  const dying = models(() => {
    calls += 1;
    throw new Error("the endpoint died");
  });
  const { results, failure } = await evaluateSet(
    talks,
    options("--policy", "direct,proactive,always_answer"),
    around(dying).surroundings,
  );
  expect(failure).toMatchObject({ gone: true });
  expect(results).toMatchObject([{ policy: "proactive", n: 2, solved: 0.5 }]);
  const later = await evaluateSet(talks, options("--policy", "proactive,direct"), around(dying).surroundings, false);
  expect(later).toMatchObject({ results: [{ policy: "proactive", n: 2 }], failure: null });
  // Of the first policy alone: nobody is asked who is gone.
  expect(calls).toBe(talks.items.length);
});

it("goes on to the next policy where the endpoint is there and one policy does not suit it", async () => {
  const refusing = models(() => "It is so.");
  const clarity = () => Promise.reject(new ModelError("model_malformed", "The check could not be read."));
  const { surroundings, said } = around({ ...refusing, ports: (own = {}) => ({ ...refusing.ports(own), clarity }) });
  const { results, failure } = await evaluateSet(requests, options("--policy", "check,proactive"), surroundings);
  expect(failure).toMatchObject({ gone: false });
  expect(results.map((one) => one.policy)).toContain("proactive");
  expect(said[0]).toBe("file:requests · check was given up: The check could not be read.");
});

it("says of how many items there is no score, and of how many none was begun", async () => {
  const blind = models(() => "It is so.");
  const failing = () => Promise.reject(new PortFailure("not read"));
  const { surroundings, said } = around({
    ...blind,
    ports: (own = {}) => {
      const whole = blind.ports(own);
      return {
        ...whole,
        clarity: (call) => (call.history.at(-1)?.text === "Go." ? failing() : whole.clarity(call)),
        table: (call) => (call.history.at(-1)?.text === "Go." ? failing() : whole.table(call)),
      };
    },
  });
  const { results } = await evaluateSet(requests, options("--policy", "table"), surroundings);
  expect(results[0]).toMatchObject({ policy: "table", n: 6, auc: 1 });
  expect(said.join("\n")).toContain("table: of 1 of 6 items neither the check nor the readings came");
  await evaluateSet(talks, options("--policy", "direct", "--minutes", "0.00001"), surroundings);
  expect(said.join("\n")).toContain("file:talks · direct: 2 of 2 items were not begun in 0.00001 minutes.");
});
