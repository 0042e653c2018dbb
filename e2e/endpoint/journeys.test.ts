import { afterAll, describe, expect, test, vi } from "vitest";
import { decide, firstNoise, liveRates, presetPolicies, type Turn } from "../../lib/engine/index.ts";
import { connect } from "../../lib/models/models.ts";
import { namedScenario } from "./scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "./server.ts";

vi.setConfig({ testTimeout: 60_000 });

const open: ScriptedEndpoint[] = [];
afterAll(async () => {
  await Promise.all(open.map((double) => double.close()));
});
const never = new AbortController().signal;

/** One turn as the product runs it, over HTTP. */
async function turn(name: string, text: string, seed: number) {
  const double = await startScriptedEndpoint({ scenario: namedScenario(name) });
  open.push(double);
  const models = await connect({ baseURL: double.url, retry: { baseMs: 1 } }, never);
  double.clearCalls();
  const asked: Turn = {
    history: [{ role: "user", text }],
    seed,
    policy: presetPolicies.balanced,
    asking: "balanced",
    questionBudget: 3,
    trust: 1,
    rates: liveRates,
    kindMeans: { answer: 0, assume: 0, ask: 0, hybrid: 0 },
    lengths: { answer: null, assume: null, ask: null, hybrid: null },
    noise: firstNoise,
    speeds: { reply: models.replyMs(), user: 50, assistant: 200, judge: 30, reading: 0, slots: 24, crowding: 1 },
    mode: "live",
    stop: never,
    answerNow: never,
    models: models.ids,
  };
  const decision = await decide(asked, models.ports());
  return { decision, double, chosen: decision.candidates.find((candidate) => candidate.chosen) };
}

/** What the browser journeys count on, whatever the endpoint can do and whatever the seed. */
describe.each(["journeys-instant", "journeys-json", "journeys-plain", "journeys-scored"])("%s", (name) => {
  test.each([1, 2, 3])("an email to the landlord leads to a question (seed %i)", async (seed) => {
    const { decision, chosen } = await turn(name, "Write an email to my landlord", seed);
    expect(decision.path).not.toBe("clear");
    // A scored table read no reply, so that futures decide between the question alone and the one behind a partial answer.
    expect(name === "journeys-scored" ? ["ask", "hybrid"] : ["ask"]).toContain(chosen?.kind);
    expect(chosen?.text).toMatch(/What is (the email|it) about: a repair, the rent, or ending the lease\?$/);
  });

  test("planning a trip leads to a question", async () => {
    expect((await turn(name, "Plan a weekend trip", 4)).chosen?.kind).toBe("ask");
  });

  test("the capital of France is answered at once, with one generating call", async () => {
    const { decision, double, chosen } = await turn(name, "What is the capital of France?", 5);
    expect(decision.path).toBe("clear");
    expect(chosen?.text).toBe("The capital of France is Paris.");
    expect(decision.cost.generating).toBe(1);
    expect(double.calls().byRole).toEqual({ answer: 1, clarity: 1 });
  });

  test("futures that all fail leave a reply", async () => {
    const { decision, chosen } = await turn(name, "Please fail the future", 6);
    expect(chosen?.text.length).toBeGreaterThan(10);
    expect(decision.rollouts.every((rollout) => rollout.state !== "done")).toBe(true);
  });
});
