import { describe, expect, test } from "vitest";
import { handsBack, leaks, normalise, questionsIn, wordOverlap, words } from "./text.ts";

describe("words", () => {
  test("case, punctuation and compatibility forms fall away, letters of every script stay", () => {
    expect(normalise("  Ｈello,\tWORLD! ")).toBe("hello world");
    expect(words("Größe: 5 m² – ok?")).toEqual(["größe", "5", "m2", "ok"]);
    expect(words("…")).toEqual([]);
  });

  test("overlap is that of sets, from 0 to 1", () => {
    expect(wordOverlap("a b c", "c b a a")).toBe(1);
    expect(wordOverlap("a b", "b c")).toBeCloseTo(1 / 3, 12);
    expect(wordOverlap("a", "b")).toBe(0);
    expect(wordOverlap("", "!")).toBe(1);
  });
});

describe("leaks", () => {
  const secret = "a complaint about mould behind the bedroom wardrobe";

  test("five words of the secret in a row that nobody has said are a leak", () => {
    expect(leaks("So: mould behind the bedroom wardrobe, then.", secret, "Write an email")).toBe(true);
  });

  test("four are not, nor five that stand in the conversation, nor a secret too short to tell", () => {
    expect(leaks("There is mould behind the bedroom.", secret, "Write an email")).toBe(false);
    expect(leaks("mould behind the bedroom wardrobe", secret, "I have Mould behind the bedroom wardrobe!")).toBe(false);
    expect(leaks("about mould", "about mould", "")).toBe(false);
  });

  test("words inside other words do not count", () => {
    expect(leaks("xa complaint about mould behindx", "a complaint about mould behind", "")).toBe(false);
  });
});

test("questions are the sentences that end with a question mark", () => {
  expect(questionsIn("Sure. What is it about? And by when?\nThanks!")).toEqual(["What is it about?", "And by when?"]);
  expect(questionsIn("No question. ?")).toEqual([]);
});

test.each([
  ["How much money will you have left?", "How much money do you have left after buying groceries?", true],
  ["How many eggs does each person get?", "When they share them, how many eggs does each person get?", true],
  ["How many pens are left?", "How many pens are left in the jar after some are removed?", true],
  ["Spanish or French?", "Shall I learn Spanish or French?", false],
  ["Which laptop?", "Which laptop shall I buy?", false],
  ["How many people will come?", "How much food do I need for a party?", false],
])("%s hands %s back: %s", (question, theirs, expected) => {
  expect(handsBack(question, [{ role: "user", text: theirs }])).toBe(expected);
  expect(handsBack(question, [{ role: "assistant", text: theirs }])).toBe(false);
});
