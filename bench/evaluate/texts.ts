import { contentWords, words } from "./words.ts";

/** What letters and digits alone do not tell apart: "C++" and "C#", "x > 5" and "x < 5". Punctuation and units are none. */
const symbols = /[^\p{L}\p{M}\p{N}\s.,;:!?'’"“”()$€£%&-]/u;

/** All content words of the wanted text stand in one clause, with the same sign; where it has symbols, or is a number, it stands there as it is. */
export function sameText(given: string, answer: string): boolean {
  const wanted = answer.trim().normalize("NFC");
  const sure = /\b(?:no|without(?: a)?) (?:doubt|question)\b/gi;
  const text = sure.test(wanted) ? given.normalize("NFC") : given.normalize("NFC").replace(sure, " ");
  const literal = symbols.test(wanted) || /^-?[\d.,]+$/.test(wanted) ? standingAlone(wanted) : null;
  const content = [...contentWords(wanted)];
  if (literal === null && content.length === 0) return words(text).join(" ") === words(wanted).join(" ");
  return clausesOf(text, wanted).some((clause) => {
    const said = contentWords(clause);
    const there = literal ? literal.test(clause) : content.every((word) => said.has(word));
    return there && negated(clause) === negated(wanted);
  });
}

const negated = (text: string) =>
  words(text).some((word) => /^(?:not|no|never|neither|nor|cannot|unlikely)$|n['’]t$/.test(word));

/** The text itself, in any case, with nothing beside it that would make it another. */
function standingAlone(text: string): RegExp {
  const pieces = text.match(/[\p{L}\p{M}\p{N}]+|\s+|[^\p{L}\p{M}\p{N}\s]/gu) ?? [];
  const word = /[\p{L}\p{M}\p{N}]/u;
  // Space stands between words; beside a symbol it may.
  const escaped = pieces
    .map((piece, at) => {
      if (/\s/.test(piece)) return word.test(pieces[at - 1] ?? "") && word.test(pieces[at + 1] ?? "") ? "\\s+" : "\\s*";
      const literal = RegExp.escape(piece);
      return word.test(piece) || at === 0 ? literal : `\\s*${literal}\\s*`;
    })
    .join("");
  const one = "[\\p{L}\\p{N}+#<>=^%-]";
  return new RegExp(`(?<!${one})${escaped}(?!${one}|[.,]\\d)`, "iu");
}

/** Split at the ends of sentences, at "or", before a "but" or a "not", and after a "No,"; never where the wanted text itself has such a place. */
function clausesOf(text: string, answer: string): string[] {
  const places = [
    /[.!?;](?=\s|$)|[。！？]|\n/,
    /\bor\b/i,
    /[,\s]+(?=(?:but|not)\b)/i,
    /(?<=^\s*no),/i,
    /,\s*(?=(?:it|that)(?:['’]s| is)\b)/i,
  ].filter((place) => !place.test(answer));
  return places.reduce((clauses, place) => clauses.flatMap((clause) => clause.split(place)), [text]);
}
