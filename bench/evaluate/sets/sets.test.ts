import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCsv } from "../csv.ts";
import { proofLine, proveOnRecords } from "../proof.ts";
import { openSet, setNames } from "./open.ts";

let data = "";
const lines = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join("\n");
async function put(path: string, text: string) {
  await mkdir(dirname(join(data, path)), { recursive: true });
  await writeFile(join(data, path), text);
}

const shards = (n: number, goal: string) =>
  [goal, ...Array.from({ length: n }, (_, k) => `Fact ${k} of ${goal}`)].map((shard) => ({ shard }));
const problem = (id: number) => ({
  question: `Whole problem ${id}?`,
  answer: "3+4=<<7>>7\n#### 1,007",
  task_id: `t/${id}`,
  shards: shards(3, `goal ${id}?`),
});
const story = (id: string, ambiguity: string) => ({
  id,
  story: `Story of ${id}.`,
  target_turn: { question: "Why?", answer: "because" },
  history_turns: [{ question: "Who?", answer: "" }],
  ambiguity,
});

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "parley-sets-"));
  await put(
    "in3/test-human.jsonl",
    lines([
      { task: "Draw.", vague: false, user_vague: true },
      { task: "Add 1 and 2.", vague: true, user_vague: false },
    ]),
  );
  await put(
    "in3/train.jsonl",
    lines([
      { task: "Draw.", vague: true },
      { task: "Sing.", vague: true },
      { task: "Sing.", vague: true },
    ]),
  );
  await put(
    "iglu/single-turn.csv",
    'GameId,InputInstruction,IsInstructionClear\ng1,"Put it, ""there""\nnow",No\ng2,Add two,Yes\n',
  );
  await put(
    "abg-coqa/val.json",
    JSON.stringify({ version: "1", data: [story("a", "ambiguous"), story("b", "non_ambiguous")] }),
  );
  await put("sharded-gsm8k/v2.json", JSON.stringify([problem(1), problem(1), problem(2)]));
  await put(
    "mediq/dev.jsonl",
    lines([
      { id: 5, question: "Which?", options: { A: "x", B: "y" }, answer_idx: "B", facts: ["1. First.", "2. Second."] },
      { id: 6, question: "Which?", options: { A: "x", B: "y" }, answer_idx: "A", facts: [] },
    ]),
  );
});
afterAll(() => rm(data, { recursive: true }));

describe("readers", () => {
  it("reads in3 by the person's label, and trains on what the test does not repeat", async () => {
    const set = await openSet("in3", data, "test");
    expect(set.items.map((item) => "label" in item && item.label)).toEqual(["ask", "answer"]);
    expect(
      (await openSet("in3", data, "tuning")).items.map((item) => "messages" in item && item.messages[0]?.content),
    ).toEqual(["Sing."]);
  });

  it("reads iglu through quotes and line breaks", async () => {
    const { items } = await openSet("iglu", data, "all");
    expect(items).toMatchObject([
      { messages: [{ content: 'Put it, "there"\nnow' }], label: "ask" },
      { messages: [{ content: "Add two" }], label: "answer" },
    ]);
  });

  it("reads abg-coqa as a conversation about a story", async () => {
    const { items } = await openSet("abg-coqa", data, "all");
    expect(items[0]).toMatchObject({
      label: "ask",
      messages: [
        { role: "user", content: "Story of a.\n\nWho?" },
        { role: "assistant", content: "(no answer)" },
        { role: "user", content: "Why?" },
      ],
    });
  });

  it("takes one cut of each problem, and never drops the goal", async () => {
    const first = await openSet("sharded-gsm8k/first", data, "all");
    expect(first.items.map((item) => item.id)).toEqual(["t/1#0/first", "t/1#0/whole", "t/2#0/first", "t/2#0/whole"]);
    const missing = await openSet("sharded-gsm8k/missing", data, "all");
    for (const item of missing.items) {
      const text = "messages" in item ? (item.messages[0]?.content ?? "") : "";
      expect(text.startsWith("goal")).toBe(true);
      expect(text.match(/Fact/g)?.length).toBe(item.id.endsWith("/missing") ? 2 : 3);
    }
    const talk = await openSet("sharded-gsm8k/talk", data, "all");
    expect(talk.items[0]).toMatchObject({ first: "goal 1?", answer: "1007", check: "number" });
  });

  it("reads mediq as a patient with options", async () => {
    const { items } = await openSet("mediq", data, "all");
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      first: "First.\n\nWhich?\nA. x\nB. y",
      facts: ["Second."],
      answer: "B",
      check: "choice",
    });
  });

  it("keeps a group on one side of the split", async () => {
    const tuning = await openSet("iglu", data, "tuning").catch(() => null);
    const test = await openSet("iglu", data, "test").catch(() => null);
    expect((tuning?.items.length ?? 0) + (test?.items.length ?? 0)).toBe(2);
  });
});

describe("file:PATH", () => {
  it("reads both kinds, and refuses a mixture, doubled ids and cut lines by name", async () => {
    const one = { id: "1", messages: [{ role: "user", content: "Hi" }], label: "ask" };
    const two = { id: "2", first: "Hi", facts: [], answer: "4", check: "number" };
    await put("one.jsonl", lines([one]));
    await put("two.jsonl", lines([two]));
    await put("mixed.jsonl", lines([one, two]));
    await put("twice.jsonl", lines([one, one]));
    await put("cut.jsonl", `${lines([one])}\n{"id": "2", "mess`);
    await put("wrong.jsonl", lines([{ ...one, label: "perhaps" }]));
    expect(await openSet(`file:${join(data, "one.jsonl")}`, data, "test")).toMatchObject({ kind: 1, items: [one] });
    expect(await openSet(`file:${join(data, "two.jsonl")}`, data, "test")).toMatchObject({ kind: 2, items: [two] });
    await expect(openSet(`file:${join(data, "mixed.jsonl")}`, data, "test")).rejects.toThrow(/mixes/);
    await expect(openSet(`file:${join(data, "twice.jsonl")}`, data, "test")).rejects.toThrow(/same id/);
    await expect(openSet(`file:${join(data, "cut.jsonl")}`, data, "test")).rejects.toThrow(/line 2.*truncated/);
    await expect(openSet(`file:${join(data, "wrong.jsonl")}`, data, "test")).rejects.toThrow(/line 1.*label/s);
    await expect(openSet(`file:${join(data, "none.jsonl")}`, data, "test")).rejects.toThrow(/after file:/);
  });

  it("reads what other people's files look like", async () => {
    const talk = { id: 7, first: "Hi", facts: ["", "one"], question: null, answer: 18, check: "number", group: null };
    const choice = { id: "8", first: "A man coughs.", facts: [], question: "What is it?\nA. x\nB. y", answer: "B" };
    await put("odd.jsonl", `\uFEFF${lines([talk])}\r\n\r\n`);
    await put("choice.jsonl", lines([{ ...choice, check: "choice" }]));
    const asked = { role: "user", content: "Hi" };
    const empty = { role: "assistant", content: "" };
    await put("empty.jsonl", lines([{ id: 1, messages: [asked, empty, asked], label: "ask", group: 3 }]));
    await put("nonumber.jsonl", lines([{ ...talk, answer: "eighteen" }]));
    const open = async (name: string) => (await openSet(`file:${join(data, name)}`, data, "test")).items[0];
    expect(await open("odd.jsonl")).toMatchObject({ id: "7", answer: "18", facts: ["one"] });
    expect(await open("choice.jsonl")).toMatchObject({ first: "A man coughs.\n\nWhat is it?\nA. x\nB. y" });
    expect(await open("empty.jsonl")).toMatchObject({ id: "1", group: "3", messages: [asked, asked] });
    await expect(open("nonumber.jsonl")).rejects.toThrow(/line 1.*not one number/s);
  });
});

describe("bad input", () => {
  it("names the missing folder and the unknown set", async () => {
    await expect(openSet("in3", join(data, "nowhere"), "test")).rejects.toThrow(/nowhere.*--data/);
    expect(() => setNames("in4", 1)).toThrow(/Unknown set "in4".*in3/);
  });

  it("resolves sharded-gsm8k by kind", () => {
    expect(setNames("sharded-gsm8k", undefined)).toEqual(["sharded-gsm8k/first", "sharded-gsm8k/missing"]);
    expect(setNames("sharded-gsm8k", 2)).toEqual(["sharded-gsm8k/talk"]);
  });

  it("does not believe itself when a record's accuracy is another", async () => {
    await put("in3/record-gpt4.jsonl", lines([{ vague: true }, { vague: true }]));
    for (const file of ["record-mistral-interact", "record-Llama-2-7b-chat-hf", "record-mistral-7b-instruct-v0.2-hf"]) {
      await put(`in3/${file}.jsonl`, lines([{ vague: true }, { vague: false }]));
    }
    const proofs = await proveOnRecords(data);
    expect(proofs.map((proof) => proof.found)).toEqual(["50.00", "100.00", "100.00", "100.00", "50.00"]);
    expect(() => proofLine(proofs)).toThrow(/GPT-4 scores 50.00, not 82.41/);
  });
});

describe("csv", () => {
  it("keeps empty fields and the last line without an end", () => {
    expect(parseCsv("a,b\r\n1,\r\n,2")).toEqual([
      { a: "1", b: "" },
      { a: "", b: "2" },
    ]);
  });
});
