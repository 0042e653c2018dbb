import { expect, test } from "vitest";
import { decisionPartOf, quickRepliesOf } from "./decision-part.ts";
import { decisionPartSchema } from "./events.ts";
import type { Decision } from "./record.ts";
import { sampleDecision } from "./sample-decision.ts";
import { sentenceOf } from "./sentence.ts";

const contrast = { chosenId: "ask", otherId: "assume", level: 0.8, n: 6, tooClose: false };
const told = (changes: Partial<Decision>) => sentenceOf({ ...sampleDecision(), ...changes });

test("a lead is told with its interval and the number of imagined follow-ups", () => {
  expect(told({ contrast: { ...contrast, mean: 0.123, lo: 0.08, hi: 0.166 } })).toBe(
    "After 6 imagined follow-ups each, asking first came out ahead of answering with stated assumptions by 0.12 (80 % interval 0.08 to 0.17).",
  );
});

test("no second decimal where the interval is wider than 0.1", () => {
  const sentence = told({ contrast: { ...contrast, mean: 0.123, lo: 0.02, hi: 0.226 } });
  expect(sentence).toContain("assumptions by 0.1 (");
  expect(sentence).toContain("0.0 to 0.2");
  expect(sentence).not.toMatch(/\d\.\d\d/);
});

test("what rounds to nothing is a slight lead, and there is no minus nought", () => {
  expect(told({ contrast: { ...contrast, mean: 0.03, lo: -0.04, hi: 0.1 } })).toContain("slightly ahead of");
  expect(told({ contrast: { ...contrast, mean: 0.03, lo: -0.04, hi: 0.1 } })).toContain("interval 0.0 to 0.1");
});

test("too close to call names no number, and says what settled it", () => {
  const close = (mean: number) => told({ contrast: { ...contrast, mean, lo: -0.1, hi: 0.14, tooClose: true } });
  expect(close(0.02)).toMatch(
    /^Too close to call after 6 imagined follow-ups each between .*slightly better estimate\.$/,
  );
  expect(close(-0.01)).toMatch(/They were about equal, so the safer one was sent\.$/);
  expect(close(0.02)).not.toMatch(/0\./);
});

test("nothing simulated is said to be so", () => {
  const prior = { ...contrast, mean: 0.3, lo: 0.2, hi: 0.4, n: 0 };
  expect(told({ path: "prior", stopReason: "gate", contrast: prior })).toContain("nothing was simulated");
  expect(told({ contrast: prior })).toContain("nothing was simulated");
  expect(told({ path: "clear", stopReason: "clear" })).toContain("without looking ahead");
  expect(told({ path: "direct", stopReason: "direct" })).toContain("does not look ahead");
});

test("what cut it short is said", () => {
  expect(told({ stopReason: "answer_now" })).toContain("You asked for the answer");
  expect(told({ stopReason: "model_failed" })).toContain("The model failed");
});

test("quick replies: one a reading, heaviest first, without something else, only under a question", () => {
  const record = sampleDecision();
  expect(quickRepliesOf(record).map((reply) => reply.text)).toEqual(["Repair", "An email that gives notice to leave"]);
  expect(quickRepliesOf({ ...record, chosenId: "assume" })).toEqual([]);
});

test("a long reading stays whole: it is sent as the person's own words", () => {
  const record = sampleDecision();
  const text = `${"word ".repeat(40)}\n end`;
  const [reply] = quickRepliesOf({ ...record, intents: [{ id: "a", text, weight: 1, other: false }] });
  expect(reply?.text).toBe(`${"word ".repeat(40)}end`);
});

test("the part fits its schema", () => {
  expect(decisionPartSchema.parse(decisionPartOf(sampleDecision())).calls).toBe(19);
});
