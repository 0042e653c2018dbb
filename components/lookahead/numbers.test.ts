import { expect, test } from "vitest";
import { sampleDecision } from "../../lib/shared/sample-decision.ts";
import { contrastParts, futuresToShow, otherOf } from "./contrast.ts";
import { count, duration, figure, interval80, meanOf } from "./numbers.ts";
import { unclearWords } from "./words.ts";

test("no second decimal where the interval is wider than 0.1, and no minus nought", () => {
  expect(figure(0.123, 0.3)).toBe("0.1");
  expect(figure(0.123, 0.08)).toBe("0.12");
  expect(figure(0.123, null)).toBe("0.1");
  expect(figure(-0.04, 0.5)).toBe("0.0");
  expect(figure(-0.26, 0.5)).toBe("−0.3");
  expect(figure(0.26, 0.5, true)).toBe("+0.3");
});

test("an 80 % interval is Student's, and one future has none", () => {
  expect(interval80({ mean: 0.5, sd: 0.1, n: 1 })).toBeNull();
  const [low, high] = interval80({ mean: 0.5, sd: 0.1, n: 3 }) ?? [0, 0];
  expect(low).toBeCloseTo(0.391, 3);
  expect(high).toBeCloseTo(0.609, 3);
  expect(meanOf([0.2, 0.4, 0.6])).toMatchObject({ n: 3, sd: expect.closeTo(0.2) });
});

test("numbers as people say them", () => {
  expect(duration(430)).toBe("0.4 s");
  expect(duration(12_400)).toBe("12 s");
  expect(duration(125_000)).toBe("2 min 05 s");
  expect(count(950)).toBe("950");
  expect(count(1_240)).toBe("1.2k");
  expect(count(12_400)).toBe("12k");
});

test("differences are taken over shared futures alone: same block, same intent, both played out", () => {
  const decision = sampleDecision();
  const [ask, assume] = ["ask", "assume"].map((id) => decision.candidates.find((each) => each.id === id));
  if (!ask || !assume) throw new Error("the sample has both");
  expect(otherOf(decision)?.id).toBe("assume");
  expect(contrastParts(decision, ask, assume)[0]?.difference).toBeNull();

  const [first, second] = decision.rollouts;
  if (!first?.reward || !second) throw new Error("the sample has two rollouts");
  const reward = { ...first.reward, extrinsic: 0.5, cost: -0.15 };
  const shared = { ...decision, rollouts: [first, { ...second, state: "done" as const, reward }] };
  const [goal, effort] = contrastParts(shared, ask, assume);
  expect(goal?.difference).toMatchObject({ mean: expect.closeTo(0.3), n: 1 });
  expect(goal?.interval).toBeNull();
  expect(effort?.difference?.mean).toBeCloseTo(0.1);
});

test("at most three futures are shown, and the worst is always among them", () => {
  const decision = sampleDecision();
  const [first] = decision.rollouts;
  if (!first?.reward) throw new Error("the sample has a rollout");
  const base = first.reward;
  const rollouts = [0.9, 0.1, 0.5, 0.7, 0.3].map((total, index) => ({
    ...first,
    id: `r${index}`,
    reward: { ...base, total },
  }));
  const shown = futuresToShow({ ...decision, rollouts }, "ask");
  expect(shown.map((each) => each.rollout.reward?.total)).toEqual([0.9, 0.5, 0.1]);
  expect(shown.map((each) => each.worst)).toEqual([false, false, true]);
  expect(futuresToShow({ ...decision, rollouts: rollouts.slice(0, 1) }, "ask")).toHaveLength(1);
});

test("what is still unclear is named by the readings that are left", () => {
  const intent = (id: string, label: string, weight: number, other = false) => ({ id, text: id, label, weight, other });
  const intents = [
    intent("b", "Ending the lease", 0.3),
    intent("a", "A repair", 0.5),
    intent("c", "I am not sure.", 0.1),
    intent("o", "Something else", 0.1, true),
  ];
  expect(unclearWords({ intents, unclear: "x" })).toBe("Still unclear: A repair · Ending the lease · I am not sure");
  expect(unclearWords({ intents: intents.slice(0, 1), unclear: "which lease" })).toBe("Still unclear: which lease");
  expect(unclearWords(null)).toBeNull();
});
