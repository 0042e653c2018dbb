import { describe, expect, it } from "vitest";
import { isRight, statedAnswer } from "./check.ts";
import { namesOption } from "./choices.ts";
import { numbersIn } from "./numbers.ts";

const number = (answer: string) => ({ answer, check: "number" as const, first: "" });
const attempt = (reply: string, answer: string) => {
  const stated = statedAnswer(reply, number(answer));
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
    ["It is \\boxed{\\text{not known}} for 3 of them", "3", false],
    ["He walks 3 miles, then 4 more: 7.0", "7", true],
    ["There are 12 left.", "13", false],
    ["The answer is 12. Is that what you meant?", "12", true],
    ["Is it 12 or 13?", "12", null],
    ["How many boxes does she buy?", "12", null],
    ["Please tell me more.", "12", null],
    ["I got 5 of them. How many were there on Monday?", "5", null],
    ["The answer is $18 (16 − 3 − 4 = 9 eggs at $2).", "18", true],
    ["The answer is 18, because 2 × 9 = 18 and 4 + 5 = 9.", "18", true],
    ["The answer is 3 apples + 4 apples = 7.", "7", true],
    ["The answer is: total cost = $1,007.50", "1007.5", true],
    ["Without the price, the answer is unknown. What do the 3 items cost?", "3", null],
    ["The answer isn't 12. Which one is it?", "12", null],
    ["The answer is not 12. Which one is it?", "12", null],
    ["The answer to your question is 12. Does that help?", "12", true],
    ["**Answer**: 12. Anything else?", "12", true],
    ["The correct answer is 12 apples.", "12", true],
    ["It is .5 of them", "0.5", true],
    ["The answer is 3 times 6, which is 18.", "18", true],
    ["The answer is 3 + 4, that is 7 apples.", "7", true],
    ["The answer is 18, which is 3 more than 15.", "18", true],
    ["The answer is 12 apples, that is 3 each.", "12", true],
    ["To answer: how many of the 12 were sold?", "12", null],
    ["The answer is 12, right?", "12", true],
    ["那么你有12个苹果吗？请告诉我。", "12", null],
    ["The result is **-5**.", "-5", true],
    ["The result is **-5**.", "5", false],
    ["It is `-5`", "-5", true],
    ["x ≈ -5", "-5", true],
    ["That makes –5 degrees.", "-5", true],
    ["It is negative 5.", "-5", true],
    ["It is minus 5.", "-5", true],
    ["10 minus 2 is 8", "8", true],
    ["The answer is 1/2.", "0.5", true],
    ["\\[ \\boxed{\\frac{1}{2}} \\]", "0.5", true],
    ["It cost 2 million dollars.", "2000000", true],
    ["The answer is ４２.", "42", true],
    ["1 1/2 cups", "0.5", false],
    ["1 1/2 cups", "1.5", true],
    ["It is open 24/7.", "7", true],
    ["The answer is 18/20", "18", true],
    ["The answer is 1/10000000", "0.0000001", true],
    ["About 0.33 of them", "1/3", true],
    ["About 0.3 of them", "1/3", false],
    ["Altogether she makes $18 every day. Please let me know if you want more.", "18", true],
    ["The answer is $18 - please let me know if you need more.", "18", true],
    ["I need the daily total: 9 x 2 = 18 dollars.", "18", true],
    ["They met on 12/25/2023, all 7 of them.", "7", true],
    ["Please tell me the price of the 3 apples.", "3", null],
    ["I need to know how many of the 3 boxes are full.", "3", null],
    ["I can't give the answer: I need the price of the 3 items.", "3", null],
    ["First I need to add 3 and 4, so there are 7.", "7", true],
    ["It weighs 0.0000002 grams.", "0.0000001", false],
  ])("%s against %s: %s", (reply, answer, right) => expect(attempt(reply, answer)).toBe(right));
});

describe("choices", () => {
  const item = {
    answer: "B",
    check: "choice" as const,
    first: "",
    question: "What is it?\nA. Red fever\nB. Blue fever\n(C) Ceftriaxone",
  };
  const attempted = (reply: string, answer = "B") => {
    const wanted = { ...item, answer };
    const stated = statedAnswer(reply, wanted);
    return stated === null ? null : isRight(stated, wanted);
  };
  it.each([
    ["The answer is B.", true],
    ["The answer is b", true],
    ["The answer is (B) Blue fever", true],
    ["\\boxed{\\text{B}}", true],
    ["B. Blue fever", true],
    ["**B. Blue fever**", true],
    ["Answer: **Blue fever**", true],
    ["The answer is A", false],
    ["I would choose option B because of the colour.", true],
    ["I'd go with B.", true],
    ["The best option is B.", true],
    ["The most likely diagnosis is **B. Blue fever**.", true],
    ["It is most likely blue fever.", true],
    ["Consider them:\nA. Red fever: no spots.\nB. Blue fever: fits.\nSo option B.", true],
    ["The answer is a blue fever", true],
    ["The answer is red or blue fever, hard to say.", true],
    ["The answer is not clear without more tests. Any fever?", null],
    ["Is it B?", null],
    ["A blood test would help.", null],
    ["Consider them:\nA. Red fever: no spots.\nB. Blue fever: fits.", null],
    ["B. Blue fever. Option A is wrong.", true],
    ["**B. Blue fever** - Option A is wrong. - Option C is wrong.", true],
    ["I choose B over option C.", true],
    ["Option B fits better than option A.", true],
    ["Option B can be excluded.", null],
    ["It is unlikely to be B.", null],
    ["It cannot be B.", null],
    ["It is B or C.", null],
    ["B is correct.", true],
    ["B, because she is cold.", true],
    ["A, B and C all fit.", null],
    ["The answer is most likely B.", true],
    ["Therefore, B is the correct answer.", true],
    ["The answer is likely blue fever, not red fever.", true],
    ["b", true],
    ["(b).", true],
    ["The answer is B, because red fever cannot explain the cold.", true],
    ["The answer is B because she does not have a rash.", true],
    ["The answer is B, as the patient does not have a rash.", true],
    ["The answer is B: the patient does not smoke.", true],
    ["The answer is B and I am confident.", true],
    ["The answer is B and A is wrong.", true],
    ["I choose B because A is wrong.", true],
    ["The option that is NOT necessary is:\n\nB. Blue fever", true],
    ["I can't be sure but I'd go with B.", true],
    ["She is not pregnant so choose B.", true],
    ["The patient can't wait: option B.", true],
    ["The answer isn't clear but I would choose B.", true],
    ["It is not blue fever. It is red fever.", false],
    ["B does not fit.", null],
  ])("%s: %s", (reply, right) => expect(attempted(reply)).toBe(right));

  it.each(["B", "b", "(B)", "B.", "B. Blue fever", "Blue fever"])("reads %s as the wanted option", (answer) => {
    expect(attempted("The answer is B.", answer)).toBe(true);
    expect(attempted("The answer is A.", answer)).toBe(false);
  });

  it("wants an answer that names one of the options", () => {
    expect(namesOption(item)).toBe(true);
    expect(namesOption({ ...item, answer: "blue fever" })).toBe(true);
    expect(namesOption({ ...item, answer: "D" })).toBe(false);
    expect(namesOption({ ...item, answer: "2", question: "1) Red\n2) Blue" })).toBe(false);
    expect(namesOption({ ...item, question: "Which?" })).toBe(true);
  });

  it("takes prose without a letter for no attempt", () => {
    expect(attempted("Blood tests would help to tell.")).toBeNull();
  });
});

describe("texts", () => {
  const item = { answer: "the old lighthouse", check: "text" as const, first: "" };
  it("wants every content word and the same sign", () => {
    expect(isRight("They met at the Old Lighthouses.", item)).toBe(true);
    expect(isRight("They met at the lighthouse.", item)).toBe(false);
    expect(isRight("They did not meet at the old lighthouse.", item)).toBe(false);
    expect(isRight("yes", { ...item, answer: "Yes" })).toBe(true);
    expect(isRight("It may be the lighthouse or the old mill.", item)).toBe(false);
    expect(isRight("Paris, not London", { ...item, answer: "Paris" })).toBe(true);
    expect(isRight("Paris, not London", { ...item, answer: "London" })).toBe(false);
    expect(isRight("It is salt or pepper, as you like.", { ...item, answer: "salt or pepper" })).toBe(true);
  });

  it.each([
    ["C++", "Use C#.", false],
    ["C++", "I'd take **C++** here.", true],
    ["x > 5", "It holds for x < 5.", false],
    ["O(n^2)", "It is O(n).", false],
    ["==", "Use != here.", false],
    ["👍", "👎", false],
    ["1", "-1", false],
    ["1", "1.", true],
    ["Paris", "It isn't Paris.", false],
    ["Paris", "I don’t think it is Paris.", false],
    ["Paris", "No, it's Paris.", true],
    ["Paris", "There is no doubt that it is Paris.", true],
    ["yes", "I cannot say yes.", false],
    ["50%", "It is 50 %.", true],
    ["x > 5", "It holds for x>5.", true],
    ["a=b", "So a = b.", true],
    ["$5", "It costs 5 dollars.", true],
    ["rock & roll", "rock and roll", true],
    ["Paris", "It isn't London, it's Paris.", true],
    ["London", "It isn't London, it's Paris.", false],
    ["no doubt", "There is no doubt.", true],
    ["巴黎", "答案是巴黎。", true],
    ["café", "They met at the cafe\u0301.", true],
  ])("%s against %s: %s", (answer, given, right) => expect(isRight(given, { ...item, answer })).toBe(right));

  it("takes a reply that asks for more, with or without a question mark, for no attempt", () => {
    expect(statedAnswer("Which lighthouse?", item)).toBeNull();
    expect(statedAnswer("I need to know the colour first.", item)).toBeNull();
    expect(statedAnswer("Please tell me where they live.", item)).toBeNull();
    expect(statedAnswer("They met at the mill.", item)).toBe("They met at the mill.");
    expect(statedAnswer("The answer is the mill. Shall I explain?", item)).toContain("mill");
  });
});
