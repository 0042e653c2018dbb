import { expect, it } from "vitest";
import { bagOfWordsScores, trainBagOfWords } from "./bag-of-words.ts";
import type { ChoiceItem } from "./form.ts";
import { auc } from "./statistics/auc.ts";

const item = (index: number, content: string, label: "ask" | "answer"): ChoiceItem => ({
  id: `${index}`,
  messages: [{ role: "user", content }],
  label,
  group: `${index}`,
});
const nouns = ["boat", "lamp", "rug", "vase", "stove", "ladder", "kite", "drum"];
const items = Array.from({ length: 160 }, (_, index) => {
  const noun = nouns[index % nouns.length] ?? "";
  return index % 4 === 0
    ? item(index, `Choose some ${noun} for me`, "ask")
    : item(index, `How heavy is a ${noun}`, "answer");
});

it("finds words that tell, with either way of training, and weighs a rare label fully", () => {
  for (const training of [[], items.slice(0, 80)]) {
    const judged = items.slice(80);
    const scores = bagOfWordsScores(judged, training);
    expect(auc(judged.map((one) => ({ score: scores.get(one.id) ?? 0, positive: one.label === "ask" })))).toBe(1);
    expect(judged.filter((one) => (scores.get(one.id) ?? 0) > 0.5 !== (one.label === "ask")).length).toBe(0);
  }
});

it("learns nothing where there is nothing to learn", () => {
  const blind = items.map((one, index) => ({
    ...one,
    label: index % 2 ? ("ask" as const) : ("answer" as const),
    messages: [{ role: "user" as const, content: nouns[(index * 7) % 8] ?? "" }],
  }));
  const scores = bagOfWordsScores(blind, []);
  const value = auc(blind.map((one) => ({ score: scores.get(one.id) ?? 0, positive: one.label === "ask" }))) ?? 0;
  expect(value).toBeGreaterThan(0);
  expect(trainBagOfWords([])("anything")).toBe(0.5);
});
