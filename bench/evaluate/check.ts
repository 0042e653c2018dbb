import { asksForMore } from "./asking.ts";
import { letterIn, optionsOf, rightLetter } from "./choices.ts";
import type { TalkItem } from "./form.ts";
import { numbersIn, readAs, sameNumber } from "./numbers.ts";
import { sameText } from "./texts.ts";

/** What the check of a talk needs to know. */
export type Checked = Pick<TalkItem, "answer" | "check" | "question" | "first">;

/**
 * What a reply states as its final answer, or null where it states none (then it is no attempt): what stands in a box, what
 * follows "the answer is", or, of a reply that asks nothing, its last number, the option it names, or its text.
 */
export function statedAnswer(reply: string, item: Checked): string | null {
  const boxed = [...reply.matchAll(/\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}/g)].at(-1)?.[1];
  if (boxed !== undefined)
    return stated(boxed.replace(/\\(?:text|mathrm|textbf)\{([^{}]*)\}/g, "$1"), item) ?? boxed.trim();
  const said = [...reply.matchAll(saysAnswer)].at(-1)?.[1];
  const told = said === undefined ? null : stated(said, item);
  if (told !== null) return told;
  if (asksForMore(reply)) return null;
  if (item.check === "number") return numbersIn(readAs(reply, item.answer)).at(-1) ?? null;
  if (item.check === "choice") return letterIn(reply, optionsOf(item));
  return reply.trim() || null;
}

/** "The answer is 7", "**Answer**: 7", "the answer to your question would be 7"; never "the answer isn't 7". */
const saysAnswer =
  /\banswer\b(?:\s+(?:to|for)\s[^.\n]{0,80}?)?[*_]*\s*(?:is\b(?!\s+not\b)|would be\b|:|=)[\s:*]*([^\n]+)/gi;

/** What follows "the answer is", as far as it is one: to its sentence's end for numbers, an option for choices. */
function stated(said: string, item: Checked): string | null {
  // "To answer: how many are there?"
  if (/^(?:how|what|which|who|whose|where|when|why|do|does|did|can|could)\b[^.!\n]*[?？]/i.test(said)) return null;
  const sentence = said.split(/[.!?？](?=\s|$)/)[0] ?? "";
  // "I can't give the answer: I need the price of the 3 items."
  if (item.check === "number" && asksForMore(sentence.split(/\d/)[0] ?? "")) return null;
  if (item.check === "choice") return letterIn(said, optionsOf(item), true);
  if (item.check === "text") return said.trim() || null;
  return numbersIn(sentence).length > 0 ? sentence.trim() : null;
}

/** Is the stated answer the right one? Exact: numbers by value, choices by letter, texts by their content words. */
export function isRight(given: string, item: Checked): boolean {
  if (item.check === "number") return sameNumber(given, item.answer);
  if (item.check === "choice") return given === rightLetter(item);
  return sameText(given, item.answer);
}
