import { letterIn, optionsOf, rightLetter } from "./choices.ts";
import type { TalkItem } from "./form.ts";
import { contentWords, words } from "./words.ts";

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
  if (asksSomething(reply)) return null;
  if (item.check === "number") return numbersIn(reply).at(-1) ?? null;
  if (item.check === "choice") return letterIn(reply, optionsOf(item));
  return reply.trim() === "" || wantsMore.test(reply) ? null : reply.trim();
}

/** "The answer is 7", "**Answer**: 7", "the answer to your question would be 7"; never "the answer isn't 7". */
const saysAnswer =
  /\banswer\b(?:\s+(?:to|for)\s[^.\n]{0,80}?)?[*_]*\s*(?:is\b(?!\s+not\b)|would be\b|:|=)[\s:*]*([^\n]+)/gi;

/** A question anywhere in the reply, in any script: whoever still asks has not stated a final answer. */
export const asksSomething = (reply: string) => /[?？؟](?![\w/=&%#+-])/.test(reply);

/** Asks without a question mark. */
const wantsMore =
  /\b(?:I(?:'d| would)? need(?: to know)?|please (?:tell|give|provide|specify|clarify|share|let)|(?:could|can) you)\b/i;

/** What follows "the answer is", as far as it is one: to its sentence's end for numbers, an option for choices. */
function stated(said: string, item: Checked): string | null {
  // "To answer: how many are there?"
  if (/^(?:how|what|which|who|whose|where|when|why|do|does|did|can|could)\b[^.!\n]*[?？]/i.test(said)) return null;
  if (item.check === "choice") return letterIn(said, optionsOf(item), true);
  if (item.check === "text") return said.trim() || null;
  const sentence = said.split(/[.!?？](?=\s|$)/)[0] ?? "";
  return numbersIn(sentence).length > 0 ? sentence.trim() : null;
}

/** Is the stated answer the right one? Exact: numbers by value, choices by letter, texts by their content words. */
export function isRight(given: string, item: Checked): boolean {
  if (item.check === "number") return sameNumber(given, item.answer);
  if (item.check === "choice") return given === rightLetter(item);
  return sameText(given, item.answer);
}

/** Numbers as they are written, without thousands separators: "$1,234.50" gives "1234.50". "3-5" holds no negative one. */
export function numbersIn(text: string): string[] {
  const found =
    text.match(/(?:(?<=^|[\s(=:$])[-−](?=[$\d.]))?\$?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+|(?<!\d)(?=\.\d))(?:\.\d+)?/g) ??
    [];
  return found.map((number) => number.replaceAll(/[,$]/g, "").replace("−", "-"));
}

/**
 * The first number. Of a sum ("3 + 4 = 7 apples", "3 times 6, which is 18") it is the first after the last "=" or its word,
 * unless what stands before the sum is the answer already ("18, because 2 × 9 = 18", "18 (16 − 3 = 13 eggs …)").
 */
function sameNumber(given: string, answer: string): boolean {
  const wanted = Number(numbersIn(answer).at(-1));
  const [before = ""] = given.split(/[(;]|,(?!\d)(?!\s*(?:which|that) is)|\b(?:because|since|as|for)\b/i);
  const part = numbersIn(before).length > 0 ? before : given;
  const sum = part.split("=").at(-1) ?? part;
  const [head = "", ...then] = sum.split(/\b(?:equals|makes|which is|that is)\b/i);
  const number = numbersIn((numbersIn(head).length > 1 ? then.at(-1) : head) ?? sum)[0];
  return number !== undefined && Math.abs(Number(number) - wanted) < 1e-6;
}

/** All content words of the wanted text stand in one clause, with the same sign. */
function sameText(given: string, answer: string): boolean {
  const negated = (text: string) => words(text).some((word) => ["not", "no", "never", "neither", "nor"].includes(word));
  const wanted = [...contentWords(answer)];
  if (wanted.length === 0) return words(given).join(" ") === words(answer).join(" ");
  return clausesOf(given, answer).some((clause) => {
    const words = contentWords(clause);
    return wanted.every((word) => words.has(word)) && negated(clause) === negated(answer);
  });
}

/** Split at the ends of sentences, at "or", and before a "but" or a "not"; never where the wanted text itself has such a place. */
function clausesOf(text: string, answer: string): string[] {
  const places = [/[.!?;](?=\s|$)|\n/, /\bor\b/i, /[,\s]+(?=(?:but|not)\b)/i].filter((place) => !place.test(answer));
  return places.reduce((clauses, place) => clauses.flatMap((clause) => clause.split(place)), [text]);
}
