import { describe, expect, it } from "vitest";
import { asksSomething, isRight, numbersIn, statedAnswer } from "./check.ts";

const number = (answer: string) => ({ answer, check: "number" as const, first: "" });
const attempt = (reply: string, answer: string) => {
  const stated = statedAnswer(reply, "number");
  return stated === null ? null : isRight(stated, number(answer));
};

describe("numbers", () => {
  it("reads them as they are written", () => {
    expect(numbersIn("It costs $1,234.50, or 7% of 12,000.")).toEqual(["1234.50", "7", "12000"]);
    expect(numbersIn("3-5 and 10 - 2, but -4 and (−6)")).toEqual(["3", "5", "10", "2", "-4", "-6"]);
    expect(numbersIn("none")).toEqual([]);
  });

  it.each([
    ["So she has 3 + 4 = 7 cards left.", "7", true],
    ["The answer is 3 + 4 = 7 cards.", "7", true],
    ["The answer is **$1,200**.", "1200", true],
    ["**Answer:** 15 of the 20 remain", "15", true],
    ["\\[ \\boxed{42} \\] after 7 steps", "42", true],
    ["That makes \\boxed{\\$18.00}", "18", true],
    ["He walks 3 miles, then 4 more: 7.0", "7", true],
    ["There are 12 left.", "13", false],
    ["The answer is 12. Is that what you meant?", "12", true],
    ["Is it 12 or 13?", "12", null],
    ["How many boxes does she buy?", "12", null],
    ["Please tell me more.", "12", null],
    ["I got 5 of them. How many were there on Monday?", "5", null],
  ])("%s against %s: %s", (reply, answer, right) => expect(attempt(reply, answer)).toBe(right));

  it("sees a question wherever it stands", () => {
    expect(asksSomething("Which one? I need to know.")).toBe(true);
    expect(asksSomething("See https://example.org/?q=1 for more.")).toBe(false);
  });
});

describe("choices", () => {
  const item = {
    answer: "B",
    check: "choice" as const,
    first: "",
    question: "What is it?\nA. Red fever\nB. Blue fever",
  };
  it.each([
    ["The answer is B.", true],
    ["The answer is (B) Blue fever", true],
    ["B. Blue fever", true],
    ["Answer: **Blue fever**", true],
    ["The answer is A", false],
    ["I would choose option B because of the colour.", true],
    ["The answer is a blue fever", true],
  ])("%s: %s", (reply, right) => {
    const stated = statedAnswer(reply, "choice");
    expect(stated === null ? null : isRight(stated, item)).toBe(right);
  });

  it("takes prose without a letter for no attempt", () => {
    expect(statedAnswer("Blood tests would help to tell.", "choice")).toBeNull();
  });
});

describe("texts", () => {
  const item = { answer: "the old lighthouse", check: "text" as const, first: "" };
  it("wants every content word and the same sign", () => {
    expect(isRight("They met at the Old Lighthouses.", item)).toBe(true);
    expect(isRight("They met at the lighthouse.", item)).toBe(false);
    expect(isRight("They did not meet at the old lighthouse.", item)).toBe(false);
    expect(isRight("yes", { ...item, answer: "Yes" })).toBe(true);
  });
});
