import type { TalkItem } from "./form.ts";
import { contentWords, words } from "./words.ts";

/**
 * What a reply states as its final answer, or null where it states none (then it is no attempt): what follows "the
 * answer is", what stands in a box, or the last number of a reply that asks nothing.
 */
export function statedAnswer(reply: string, check: TalkItem["check"]): string | null {
  const boxed = [...reply.matchAll(/\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}/g)].at(-1)?.[1];
  if (boxed !== undefined) return boxed.trim();
  const said = [...reply.matchAll(/\banswer\s*(?:is|would be|:|=)[\s:*]*([^\n]+)/gi)].at(-1)?.[1];
  if (said !== undefined && hasAnswer(said, check)) return said.trim();
  if (asksSomething(reply)) return null;
  if (check === "number") return numbersIn(reply).at(-1) ?? null;
  if (check === "choice") return letterIn(reply);
  return reply.trim() === "" ? null : reply.trim();
}

/** A question anywhere in the reply: whoever still asks has not stated a final answer. */
export const asksSomething = (reply: string) => /[?？](?=[\s"')*\]]|$)/.test(reply);

/** Is the stated answer the right one? Exact: numbers by value, choices by letter, texts by their content words. */
export function isRight(stated: string, item: Pick<TalkItem, "answer" | "check" | "question" | "first">): boolean {
  if (item.check === "number") return sameNumber(stated, item.answer);
  if (item.check === "choice")
    return choiceLetter(stated, item.question ?? item.first) === item.answer.trim().toUpperCase();
  return sameText(stated, item.answer);
}

function hasAnswer(said: string, check: TalkItem["check"]): boolean {
  if (check === "number") return numbersIn(said).length > 0;
  return said.trim() !== "";
}

/** Numbers as they are written, without thousands separators: "$1,234.50" gives "1234.50". "3-5" holds no negative one. */
export function numbersIn(text: string): string[] {
  const found = text.match(/(?:(?<=^|[\s(=:$])[-−](?=[$\d]))?\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?/g) ?? [];
  return found.map((number) => number.replaceAll(/[,$]/g, "").replace("−", "-"));
}

/** The first number; of a sentence that states a sum ("the answer is 3 + 4 = 7 apples") the first after the last "=". */
function sameNumber(stated: string, answer: string): boolean {
  const wanted = Number(numbersIn(answer).at(-1));
  const given = numbersIn(stated.split("=").at(-1) ?? stated)[0];
  return given !== undefined && Math.abs(Number(given) - wanted) < 1e-6;
}

/** A capital that stands as an option's letter: "B", "(B)", "B.", "option B". */
function letterIn(text: string): string | null {
  const bare = text.trim().match(/^\(?([A-H])\)?(?:[.):]|$)/);
  if (bare?.[1]) return bare[1];
  return [...text.matchAll(/\b(?:option|choice)\s+\(?([A-H])\b/gi)].at(-1)?.[1]?.toUpperCase() ?? null;
}

/** The letter a stated answer names, or that of the only option whose whole text it repeats. */
function choiceLetter(stated: string, question: string): string | null {
  const clean = stated.replaceAll("*", "").trim();
  const letter = letterIn(clean) ?? clean.match(/^(?:option|choice)?\s*\(?([A-H])\)?\b(?!\s+[a-z])/)?.[1] ?? null;
  if (letter) return letter.toUpperCase();
  const options = [...question.matchAll(/^([A-H])[.):]\s*(.+)$/gm)];
  const named = options.filter(([, , text]) => clean.toLowerCase().includes((text ?? "").trim().toLowerCase()));
  return named.length === 1 ? (named[0]?.[1] ?? null) : null;
}

/** All content words of the wanted text occur, and no negation stands in only one of the two. */
function sameText(stated: string, answer: string): boolean {
  const given = contentWords(stated);
  const negated = (text: string) => words(text).some((word) => word === "not" || word === "no" || word === "never");
  const wanted = [...contentWords(answer)];
  if (wanted.length === 0) return words(stated).join(" ") === words(answer).join(" ");
  return wanted.every((word) => given.has(word)) && negated(stated) === negated(answer);
}
