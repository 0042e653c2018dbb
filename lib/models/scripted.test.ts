import { afterAll, describe, expect, test, vi } from "vitest";
import { scenario } from "../../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import { decide } from "../engine/deliberate.ts";
import { uniformRollouts } from "../engine/policy.ts";
import type { Ports } from "../engine/ports.ts";
import type { Turn } from "../engine/turn.ts";
import { valuesIn } from "../engine/worlds/grammar.ts";
import { playSlots, slotsTurn } from "../engine/worlds/player.ts";
import { type Instance, slotCandidates, utility } from "../engine/worlds/slots.ts";
import type { RolloutRecord } from "../shared/record.ts";
import { connect } from "./models.ts";

// Thousands of HTTP calls: seconds alone, more on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });
const open: ScriptedEndpoint[] = [];
afterAll(async () => {
  await Promise.all(open.map((double) => double.close()));
});
const never = new AbortController().signal;

/** The golden instance of engine.md 5.1. */
const golden = (partial: boolean): Instance => ({
  p: [
    [0.6, 0.4],
    [0.7, 0.2, 0.1],
  ],
  eta: 0.1,
  wrong: 0.05,
  hQ: 0.05,
  hx: 0.04,
  hH: 0.02,
  cD: 0.3,
  cA: 0.8,
  cH: 0.5,
  q: { answer: 0.9, assume: 0.9, ask1: 0.9, ask2: 0.9, hybrid: 0.9 },
  partial,
  clear: false,
});
const blocks = 100;
/** R_LLM = .6 at weight .5; taken off what the world's formulas add for it. */
const bonus = 0.3;

interface Can {
  logprobs: boolean;
  jsonSchema: boolean;
  completions: boolean;
}

/** The world behind an endpoint that errs, over the real path, and a turn of `rounds` rollouts a candidate. */
async function staged(can: Can, partial: boolean, rounds: number, medianMs = 1) {
  const double = await startScriptedEndpoint({
    scenario: scenario({
      name: "slots",
      seed: 9,
      can,
      latency: { medianMs, sigma: 0.5, tokenMs: 0 },
      trouble: { errors: 0.02, malformed: 0.01 },
      instances: { golden: golden(partial) },
    }),
  });
  open.push(double);
  const models = await connect({ baseURL: double.url, retry: { baseMs: 1 } }, never);
  const policy = { ...uniformRollouts(rounds, true), interactivity: 0 };
  const turn = {
    ...slotsTurn(golden(partial), policy, 17),
    history: [{ role: "user" as const, text: "request golden" }],
  };
  // The table over HTTP holds at most five readings, tempered; golden values need the exact weights of all six goals.
  return { double, http: models.ports(), turn, world: playSlots(golden(partial)) };
}

async function played(can: Can, partial: boolean, rounds = blocks) {
  const { double, http, turn, world } = await staged(can, partial, rounds);
  const ports: Ports = { ...http, table: world.table };
  return { decision: await decide(turn, ports), double, http, turn };
}

/**
 * The same turn in this process: same seed, so same intents and same users, and a judge without noise. What the endpoint
 * says must lead to the same futures, one by one. (That these are the world's, quits and all: worlds/slots.test.ts.)
 */
async function twinOf(partial: boolean, turn: Turn): Promise<Map<string, RolloutRecord>> {
  const { rollouts } = await decide(turn, playSlots(golden(partial), { judgeNoise: 0 }));
  return new Map(rollouts.map((rollout) => [rollout.id, rollout]));
}

/** Which wrong value a person names is the endpoint's own draw, and so is what the assistant makes of it. */
const ownDraw = ({ turns }: RolloutRecord) => turns.some(({ act }) => /misleads|miscorrects/.test(act ?? ""));

/** The world charges nothing for a refusal, nor for putting a hybrid right; no message of a model has no length. */
const forNothing = ({ candidateId, turns }: RolloutRecord) =>
  turns.some(
    ({ act = "" }) =>
      /refuses|corrects/.test(act) &&
      !/tells|misleads/.test(act) &&
      (candidateId === "hybrid" || !/corrects/.test(act)),
  );

/** The values that were said: prompts lead a person into their words, and a small model's person refuses in set ones. */
const said = ({ role, text }: RolloutRecord["turns"][number]) => [role, ...valuesIn(text)];

/** Waits until nothing reaches the endpoint any more, and tells how many calls did; a turn that goes on ends with all of its own. */
async function settled(double: ScriptedEndpoint): Promise<number> {
  for (let before = -1; ; ) {
    const { total, active } = double.calls();
    if (active === 0 && total === before) return total;
    before = total;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.each([
  ["log-probabilities on, json", { logprobs: true, jsonSchema: true, completions: false }],
  ["log-probabilities off, json", { logprobs: false, jsonSchema: true, completions: false }],
  ["log-probabilities on, scored", { logprobs: true, jsonSchema: false, completions: true }],
])("slots over HTTP, %s", (_, can) => {
  /**
   * 100 rollouts a candidate have an s.e. of up to .04: what is lost on the way is seen by the twins, one by one; the mean is
   * held to the closed form, with the wrong values and rounded digits that are the endpoint's own. Seeds are fixed; on a new
   * one a sound path would fail one of the 30 comparisons at 3 s.e. in 8 of 100 runs.
   */
  test.each([false, true])(
    "plays the futures of the world, and gives the golden values within 3 standard errors (partial credit %s)",
    async (partial) => {
      const { decision, double, turn } = await played(can, partial);
      const twins = await twinOf(partial, turn);
      const done = decision.rollouts.filter(({ state }) => state === "done");
      // One digit of ten is a ninth wide.
      const coarse = can.logprobs ? 1e-6 : 1 / 9;
      let same = 0;
      for (const rollout of done) {
        const twin = twins.get(rollout.id);
        expect(rollout.turns.map(({ act }) => act)).toEqual(twin?.turns.map(({ act }) => act));
        expect(rollout.intentId).toBe(twin?.intentId);
        const dearer = (rollout.reward?.cost ?? Number.NaN) - (twin?.reward?.cost ?? Number.NaN);
        expect(Math.abs(dearer)).toBeLessThan(forNothing(rollout) ? 0.01 : 1e-9);
        if (ownDraw(rollout)) continue;
        expect(rollout.turns.map(said)).toEqual(twin?.turns.map(said));
        const apart = (rollout.reward?.extrinsic ?? Number.NaN) - (twin?.reward?.extrinsic ?? Number.NaN);
        expect(Math.abs(apart)).toBeLessThan(coarse);
        same += 1;
      }
      expect(same).toBeGreaterThan(slotCandidates.length * blocks * 0.8);

      for (const id of slotCandidates) {
        const totals = done
          .filter((rollout) => rollout.candidateId === id)
          .map((rollout) => rollout.reward?.total ?? Number.NaN);
        const n = totals.length;
        expect(n).toBeGreaterThan(blocks * 0.8);
        const mean = totals.reduce((sum, total) => sum + total, 0) / n;
        const variance = totals.reduce((sum, total) => sum + (total - mean) ** 2, 0) / (n - 1);
        const exact = utility(golden(partial), id) - bonus;
        expect(Math.abs(mean - exact), `${id}: ${mean} against ${exact}`).toBeLessThan(3 * Math.sqrt(variance / n));
      }

      const seen = double.calls();
      expect(seen.failed).toBeGreaterThan(0);
      expect(seen.malformed).toBeGreaterThan(0);
      expect(seen.active).toBe(0);
      expect(seen.mostActive).toBeGreaterThan(1);
      expect(seen.mostActive).toBeLessThanOrEqual(24);
      // Every try that reached the endpoint is in the record, the failed ones too; the table alone was made in code.
      expect(decision.cost.generating + decision.cost.scoring).toBe(seen.total - (seen.byRole.probe ?? 0) + 1);
    },
  );
});

test("the table over HTTP holds the heaviest goals with the weights the model stated", async () => {
  const { http } = await played({ logprobs: true, jsonSchema: true, completions: false }, true, 1);
  const history = [{ role: "user" as const, text: "request golden" }];
  const call = { history, seed: 3, signal: never, priority: "foreground" as const };
  const answer = await http.answer({ ...call, onText: () => {} });
  const drafts = Promise.resolve([{ id: "answer", kind: "answer" as const, ...answer }]);
  const table = await http.table({ ...call, drafts });
  expect(table.intents.map((intent) => intent.text)).toEqual([
    "s1v0 s2v0",
    "s1v1 s2v0",
    "s1v0 s2v1",
    "s1v1 s2v1",
    "s1v0 s2v2",
  ]);
  const exact = [0.42, 0.28, 0.12, 0.08, 0.06];
  for (const [at, intent] of table.intents.entries()) expect(intent.weight).toBeCloseTo(exact[at] ?? 0);
  expect(table.rows[0]?.cells.map((cell) => cell.usefulness)).toEqual([1, 0.5, 0.5, 0, 0.5]);
});

test("stopping a turn in the middle of its futures closes every call upstream and starts no other", async () => {
  const stop = new AbortController();
  const { double, http, turn, world } = await staged(
    { logprobs: true, jsonSchema: true, completions: false },
    false,
    400,
    300,
  );
  const decision = decide({ ...turn, stop: stop.signal }, { ...http, table: world.table }, (event) => {
    if (event.type === "cell" && event.cell.state === "done") stop.abort();
  });
  await expect(decision).rejects.toMatchObject({ name: "TurnStopped", shown: false });
  // 400 blocks of five candidates are over 4,000 calls; a third of a second holds a few dozen of them.
  expect(await settled(double)).toBeLessThan(1000);
  expect(double.calls().aborted).toBeGreaterThan(0);
});

test("at the deadline the turn ends with what it has, and nothing goes on upstream", async () => {
  const { double, http, turn, world } = await staged(
    { logprobs: true, jsonSchema: true, completions: false },
    false,
    400,
    20,
  );
  // L is at least 2 s, so these are 0.2 and 0.3 s: room for a part of the 400 blocks.
  const policy = { ...turn.policy, soft: 0.1, hard: 0.15 };
  const decision = await decide({ ...turn, policy }, { ...http, table: world.table });
  expect(decision.stopReason).toBe("deadline");
  expect(decision.candidates.filter((candidate) => candidate.chosen)).toHaveLength(1);
  expect(await settled(double)).toBeLessThan(2000);
});
