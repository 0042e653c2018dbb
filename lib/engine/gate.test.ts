import { describe, expect, test } from "vitest";
import { evpi } from "./policy.ts";
import { decisionOf, play } from "./testing/play.ts";
import { liveTurn } from "./testing/ports.ts";

/**
 * Two readings, even. The answer (50 tokens) suits the first, 1, and less the second, .6: worth .775 less its length. The
 * question (50 tokens) leads to a reply that is of use `asked` in either. Knowing the intent is worth
 * (.975 + asked − .025)/2 − .775, a question costs .0005·(50 + 24) + .05·.775 = .07575: from asked = .7515 on it is worth more.
 */
const tableWith = (asked: number) => {
  const useful: Readonly<Record<string, readonly number[]>> = {
    answer: [1, 0.6],
    assume: [0.3, 0.3],
    ask: [asked, asked],
    hybrid: [0.3, 0.3],
  };
  return {
    raw: false,
    intents: ["the heating", "the deposit"].map((text, at) => ({ id: `g${at}`, text, weight: 0.5 })),
    rows: Object.entries(useful).map(([candidate, values]) => ({
      candidate,
      cells: values.map((usefulness) => ({ usefulness, questions: candidate === "ask" ? 1 : 0.5 })),
    })),
  };
};
const gate = { clear: null, regret: false, evpi: true, audit: 0 };

describe("where the value of knowing the intent decides alone", () => {
  test("an answer that leads is released where a question costs more than it tells", async () => {
    const { record } = await play(liveTurn({}, { gate, epsilon: 1e-4, kappa: 0 }), { table: tableWith(0.74) });
    expect(decisionOf(record)).toMatchObject({ path: "prior", stopReason: "gate", chosenId: "answer", blocks: 0 });
  });

  test("and tried where the reply that a question leads to is worth more than the question costs", async () => {
    const { record } = await play(liveTurn({}, { gate, epsilon: 1e-4, kappa: 0 }), { table: tableWith(0.76) });
    const decision = decisionOf(record);
    expect(decision.path).toBe("lookahead");
    const [answer, ask] = ["answer", "ask"].map((id) => decision.candidates.find((one) => one.id === id)?.prior?.mean);
    expect(answer).toBeGreaterThan(ask ?? 1);
  });

  test("a table that is not trusted releases nothing", async () => {
    const { record } = await play(liveTurn({ trust: 0.4 }, { gate, epsilon: 1e-4, kappa: 0 }), {
      table: tableWith(0.74),
    });
    expect(decisionOf(record).path).toBe("lookahead");
  });

  test.each([
    [0.74, "answer"],
    [0.76, "ask"],
  ])("one step of it as a policy: a question of use %d, so it gives the %s", async (asked, chosen) => {
    const { record } = await play(liveTurn({}, evpi), { table: tableWith(asked) });
    expect(decisionOf(record)).toMatchObject({ path: "prior", chosenId: chosen });
  });
});

test("however readily it asks, what the check is all but sure of is answered at once", async () => {
  const path = async (clear: number) => {
    const turn = liveTurn({ asking: "often" }, { gate: { ...gate, clear: 0.85 } });
    const { record } = await play(turn, { clear });
    return decisionOf(record).path;
  };
  expect(await path(0.96)).toBe("clear");
  expect(await path(0.94)).not.toBe("clear");
});
