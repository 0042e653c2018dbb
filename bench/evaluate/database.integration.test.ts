import { afterAll, expect, it } from "vitest";
import { listCases, openEvaluation } from "../../lib/store/evaluations.ts";
import { type RunKey, runId } from "./case-store.ts";
import type { ChoiceCase } from "./cases.ts";
import { openKeeper } from "./database.ts";

const key: RunKey = {
  set: "in3",
  policy: "table",
  preset: "",
  model: "m",
  asked: "scored",
  seed: 7,
  versions: "database-test",
};
const one = (id: string, score: number): ChoiceCase => ({
  kind: 1,
  id,
  group: id,
  label: "ask",
  score,
  asked: true,
  calls: 1,
  tokens: 2,
  seconds: 3,
});

const said: string[] = [];
const keeper = await openKeeper((line) => said.push(line));
afterAll(() => keeper?.close());

it("keeps each case once in the tables, also when a run goes on", async () => {
  expect(keeper).not.toBeNull();
  await keeper?.keep(key, [one("a", 0.1), one("b", 0.2)]);
  await keeper?.keep(key, [one("a", 0.1), one("b", 0.2), one("c", 0.3)]);
  const rows = await listCases(await openEvaluation(runId(key), key));
  expect(rows.map((row) => row.itemId)).toEqual(["a", "b", "c"]);
  expect(rows[2]).toMatchObject({ set: "in3", policy: "table", seed: 7, result: one("c", 0.3) });
  expect(said).toEqual([]);
});
