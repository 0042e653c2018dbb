import { expect, it } from "vitest";
import { asksBack, asksSomething } from "./asking.ts";

it("sees a question wherever it stands", () => {
  expect(asksSomething("Which one? I need to know.")).toBe(true);
  expect(asksSomething("See https://example.org/?q=1 for more.")).toBe(false);
  for (const asking of ["是哪一个？请告诉我。", "أيهما؟", "She said “which?” and left.", "Really?!"])
    expect(asksSomething(asking), asking).toBe(true);
});

it.each([
  ["Which one do you mean, the first or the second?", true],
  ["Could you say which file? It would help me to be exact.", true],
  ["Please tell me which file you mean.", true],
  [
    "Sure. One thing first: who is it for?\n\nIf it is for children, I would leave out the nuts.\n\nElse keep them.\n\nBoth work.",
    true,
  ],
  ["你是指哪一个？请告诉我。", true],
  ["Here is your function:\n\n```js\nconst x = y ? 1 : 2; // why?\n```\n\nWould you like tests as well?", false],
  ["Use `a ? b : c`.", false],
  ["# What is a monad?\n\nA monad is a type with two operations.\n\nIt composes.", false],
  ["It takes two steps. You mix. Why does it rise? The yeast makes gas. Then you bake. Enjoy it.", false],
  ["The capital is Paris. Anything else?", false],
  ["", false],
  ["Please let me know which city you mean.", true],
  ["Could you let me know which city you mean?", true],
  ["Would you like a vegetarian or a meat lasagne?", true],
  ["Do you want me to use Python or Java?", true],
  ["Do you have any other constraints, such as a budget?", true],
  ["How would you like the blocks oriented?", true],
  ["What would you like to know about it?", true],
  ["I need a few things.\n1. Which city?\n2. When?\n3. With whom?\nThen I can plan. It will not take long.", true],
  ["It is done. Please let me know if you want more.", false],
  ["It is done. How else can I help you?", false],
  ["It is done. Shall I add tests?", false],
])("%j asks back: %s", (reply, asks) => expect(asksBack(reply)).toBe(asks));
