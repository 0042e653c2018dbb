import { describe, expect, test } from "vitest";
import { always, balanced, direct, type Policy, presetPolicies, reference, table } from "./policy.ts";
import { decisionOf, play } from "./testing/play.ts";
import { liveTurn, one } from "./testing/ports.ts";

describe("settings", () => {
  test("never asks: nothing that asks is drafted", async () => {
    const { record } = await play(liveTurn({ asking: "never" }));
    expect(decisionOf(record).candidates.map((candidate) => candidate.kind)).toEqual(["answer", "assume"]);
  });

  test("a spent question budget asks nothing more", async () => {
    const { record } = await play(liveTurn({ questionBudget: 0 }));
    expect(decisionOf(record).candidates.some((candidate) => candidate.kind === "ask")).toBe(false);
  });

  test("never the same question twice", async () => {
    const { record } = await play(
      liveTurn({
        history: [
          { role: "user", text: "Write an email" },
          { role: "assistant", text: "Sure. What is the letter about?" },
          { role: "user", text: "my landlord" },
        ],
      }),
    );
    expect(decisionOf(record).candidates.map((candidate) => candidate.kind)).toEqual(["answer", "assume", "hybrid"]);
  });

  test("never a question whose answer every reading already has", async () => {
    const needless = { usefulness: 0.6, questions: 0 };
    const { record } = await play(liveTurn(), {
      table: {
        rows: ["answer", "assume", "ask", "hybrid"].map((candidate) => ({
          candidate,
          cells: [needless, needless, needless],
        })),
      },
    });
    expect(decisionOf(record).candidates.map((candidate) => candidate.kind)).toEqual(["answer", "assume"]);
  });

  test("near-duplicate drafts are one candidate", async () => {
    const { record } = await play(liveTurn(), {
      overrides: {
        draft: ({ kind }) => ({
          text:
            kind === "assume" ? "dear landlord the HEATING is broken - please repair it soon" : `Which one, ${kind}?`,
          tokens: 9,
          finished: true,
          cost: one(1, 0),
        }),
      },
    });
    expect(decisionOf(record).candidates.map((candidate) => candidate.kind)).toEqual(["answer", "ask", "hybrid"]);
  });

  test.each([
    ["direct", direct, "answer"],
    ["always_assume", always("assume"), "assume"],
    ["always_ask", always("ask"), "ask"],
  ])("%s: one generating call, its kind", async (_name, policy, kind) => {
    const { record } = await play(liveTurn({}, policy));
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ path: "direct", stopReason: "direct", cost: { generating: 1, scoring: 0 } });
    expect(decision.candidates.map((candidate) => candidate.kind)).toEqual([kind]);
  });

  test("table: readings and prior, no rollout", async () => {
    const { record, seen } = await play(liveTurn({}, table));
    expect(decisionOf(record)).toMatchObject({ path: "prior", stopReason: "gate", blocks: 0 });
    expect(seen.calls.judge).toBeUndefined();
  });

  test.each(Object.values(presetPolicies))("preset $name ends with a valid record", async (policy) => {
    const { record } = await play(liveTurn({}, policy));
    expect(decisionOf(record).policy.name).toBe(policy.name);
  });

  test("the paper's scheme plays two turns wherever the talk goes on, and takes R_LLM as it is", async () => {
    const asking = {
      assistant: () => ({ text: "And by when?", tokens: 60, finished: true, asks: true, cost: one(1, 0) }),
    };
    const turnsOf = async (policy: Policy) => {
      const { record } = await play(liveTurn({}, { ...policy, drafts: balanced.drafts }), { overrides: asking });
      return decisionOf(record).rollouts.filter(
        ({ candidateId, turns }) => candidateId === "ask" && turns[0]?.text !== "",
      );
    };
    const played = await turnsOf(reference);
    expect(played.length).toBeGreaterThan(0);
    for (const { turns, reward } of played) {
      // The second turn too, unless the person quit.
      expect(turns.length === 4 || turns[2]?.act === "quit").toBe(true);
      expect(reward?.interaction).toBeCloseTo(reward?.judge ?? 0, 12);
    }
    // One question needed is one turn here, and .5 is what questions have on average.
    const ours = await turnsOf({ ...reference, windows: "needed", interactivity: 0.5, centred: true });
    for (const { turns, reward } of ours) {
      expect(turns).toHaveLength(2);
      expect(reward?.interaction ?? 0).toBeCloseTo(0.5 * ((reward?.judge ?? 0.5) - 0.5), 12);
    }
  });

  test("a short imagined reply costs what this turn's direct reply costs, a finished one its own length", async () => {
    const costOf = async (finished: boolean) => {
      const assistant = () => ({ text: "Dear landlord", tokens: 10, finished, asks: false, cost: one(1, 0) });
      const { record } = await play(liveTurn({ mode: "audit" }), { overrides: { assistant } });
      const { candidates, rollouts } = decisionOf(record);
      const answer = candidates.find(({ kind }) => kind === "answer")?.tokens ?? 0;
      const future = rollouts.find(({ candidateId, turns }) => candidateId === "ask" && turns.length === 2);
      return { answer, cost: future?.reward?.cost ?? Number.NaN };
    };
    const [short, whole] = [await costOf(false), await costOf(true)];
    expect(short.answer).toBeGreaterThan(10);
    // Some of the people leave before it is sent.
    expect(whole.cost - short.cost).toBeGreaterThan(0.9 * balanced.lambda * (short.answer - 10));
    expect(whole.cost - short.cost).toBeLessThanOrEqual(balanced.lambda * (short.answer - 10));
  });

  test("an audit is rolled out without text or gate", async () => {
    const { record, text } = await play(liveTurn({ mode: "audit" }), { clear: 0.99 });
    const decision = decisionOf(record);
    expect(text).toBe("");
    expect(decision.rollouts.length).toBe(12);
    expect(decision.path).toBe("lookahead");
  });

  test("exploration: the record has the probability of what was chosen", async () => {
    const exploration = { share: 1, temperature: 0.05, floor: 0.02 };
    const { record } = await play(liveTurn({}, { epsilon: 0.001, kappa: 0, exploration }));
    const decision = decisionOf(record);
    expect(decision.explored).toBe(true);
    expect(decision.candidates.reduce((sum, candidate) => sum + candidate.propensity, 0)).toBeCloseTo(1, 9);
    for (const candidate of decision.candidates) expect(candidate.propensity).toBeGreaterThanOrEqual(0.0199);
  });
});
