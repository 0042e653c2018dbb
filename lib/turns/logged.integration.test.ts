import { afterAll, beforeEach, expect, test } from "vitest";
import { presetPolicies } from "../engine/index.ts";
import { sampleDecision } from "../shared/sample-decision.ts";
import { database, disconnect } from "../store/client.ts";
import { transaction } from "../store/database.ts";
import { addDecision } from "../store/decisions.ts";
import { stopListening } from "../store/listen.ts";
import { readScatter } from "../store/statistics.ts";
import { sumUp } from "./logged.ts";
import { startTurn } from "./start.ts";
import { newAsker, playedTurns, read } from "./test-double.ts";

beforeEach(() => database().viewer.deleteMany());
afterAll(async () => {
  await stopListening();
  await disconnect();
});

const { version } = presetPolicies.balanced;
const models = { assistant: "double", simulator: "double", judge: "double" };
/** A record as the policy of today makes it. */
const sample = () => ({ ...sampleDecision(), models, policy: { name: "balanced", version } });

async function log(record: ReturnType<typeof sampleDecision>): Promise<string> {
  const { deps, next } = playedTurns();
  const { runId } = await startTurn(deps, newAsker(), { text: "Hello" });
  (await next()).decide(record);
  await read(runId);
  return runId;
}

test("without logs the table is trusted and nothing is assumed of the kinds", async () => {
  expect(await sumUp(models)).toEqual({
    trust: 1,
    logged: 0,
    noise: { sd: 0.38, correlation: 0.45 },
    kindMeans: { answer: 0, assume: 0, ask: 0, hybrid: 0 },
    lengths: { answer: null, assume: null, ask: null, hybrid: null },
    times: {},
    usual: {},
  });
});

test("logged turns tell how interactive, how long and how far from the table the kinds were", async () => {
  for (let turn = 0; turn < 12; turn += 1) await log(sample());
  const sums = await sumUp(models);
  expect(sums.logged).toBe(12);
  expect(sums.trust).toBeGreaterThanOrEqual(0);
  expect(sums.trust).toBeLessThanOrEqual(1);
  expect(sums.kindMeans.ask).toBeCloseTo(0.6);
  expect(sums.lengths).toEqual({ answer: null, assume: 40, ask: 40, hybrid: null });
  expect(sums.usual).toEqual({ balanced: 3_600 });
});

test("an audit tells how far the table was off, not how long a person waits", async () => {
  const slow = { ...sample(), ms: { ...sample().ms, total: 90_000 } };
  for (let turn = 0; turn < 10; turn += 1) {
    const runId = await log(sample());
    await transaction((db) => addDecision(db, runId, slow, "audit"));
  }
  expect(await sumUp(models)).toMatchObject({ logged: 20, usual: { balanced: 3_600 } });
});

test("turns of `reference`, whose candidates share no draws, say nothing of the table", async () => {
  for (let turn = 0; turn < 3; turn += 1) await log({ ...sample(), preset: "reference" });
  expect((await sumUp(models)).logged).toBe(0);
});

test("a future that was cut off with its block says nothing of how interactive its kind is", async () => {
  const record = sample();
  const [rollout] = record.rollouts;
  if (!rollout?.reward) throw new Error("the sample has a rollout with its reward");
  const cut = { ...rollout, id: "cut", state: "dropped" as const, reward: { ...rollout.reward, judge: 0 } };
  await log({ ...record, rollouts: [...record.rollouts, cut] });
  expect((await sumUp(models)).kindMeans.ask).toBeCloseTo(0.6);
});

test("logged rollouts tell how they scatter, and how those of one draw scatter together", async () => {
  const record = sample();
  const [rollout] = record.rollouts;
  if (!rollout?.reward) throw new Error("the sample has a rollout with its reward");
  const { reward } = rollout;
  const total = (candidateId: string, k: number, value: number, state: "done" | "dropped" = "done") => ({
    ...rollout,
    id: `0:${candidateId}:${k}`,
    candidateId,
    state,
    draws: { k },
    reward: { ...reward, total: value },
  });
  // Candidates rise and fall together by half as much: d = ±.2 and ±.1.
  const rollouts = [
    total("ask", 0, 0.9),
    total("ask", 1, 0.5),
    total("assume", 0, 0.4),
    total("assume", 1, 0.2),
    total("assume", 2, 5, "dropped"),
  ];
  await log({ ...record, rollouts });
  await log({ ...record, rollouts, preset: "reference" });
  const found = await readScatter({ policyVersion: version, models });
  expect(found).toMatchObject({ turns: 1, freedom: 2, pairFreedom: 1 });
  expect(found.squares).toBeCloseTo(2 * 0.04 + 2 * 0.01);
  expect(found.products).toBeCloseTo(2 * 0.02);
  for (let turn = 1; turn < 60; turn += 1) await log({ ...record, rollouts });
  const { noise } = await sumUp(models);
  expect(noise.sd).toBeLessThan(0.34);
  expect(noise.correlation).toBeGreaterThan(0.45);
});

test("a table that rollouts turn round is trusted less", async () => {
  const record = sample();
  const [first, second] = record.candidates;
  if (!first || !second) throw new Error("the sample has two candidates");
  const said = { repair: 0.9, notice: 0.9, other: 0.9 };
  const candidates = [
    { ...first, usefulness: said, goal: { mean: 0.1, sd: 0.1, n: 6 } },
    { ...second, usefulness: { repair: 0.1, notice: 0.1, other: 0.1 }, goal: { mean: 0.9, sd: 0.1, n: 6 } },
  ];
  for (let turn = 0; turn < 12; turn += 1) await log({ ...record, candidates });
  expect((await sumUp(models)).trust).toBeLessThan(0.5);
});

test.each([
  ["under another version of the policy", { policy: { name: "balanced", version: "0" } }],
  ["judged by another model", { models: { ...models, judge: "another" } }],
])("rewards %s are not counted among today's", async (_, other) => {
  const record = sample();
  const [first, second] = record.candidates;
  if (!first || !second) throw new Error("the sample has two candidates");
  const said = { repair: 0.9, notice: 0.9, other: 0.9 };
  const candidates = [{ ...first, usefulness: said, goal: { mean: 0.1, sd: 0.1, n: 6 } }, second];
  for (let turn = 0; turn < 5; turn += 1) await log({ ...record, ...other, candidates });
  expect(await sumUp(models)).toMatchObject({ trust: 1, logged: 0, kindMeans: { ask: 0 } });
  expect((await readScatter({ policyVersion: version, models })).turns).toBe(0);
  // How long its replies are does not depend on who judges them.
  expect((await sumUp(models)).lengths.ask).toBe(40);
});
