/** Where the options stand. */
type Asked = { question?: string | undefined; first: string };

/** One option of a question: "A. Red fever", "(B) Blue fever". */
export type Choice = { letter: string; text: string };

/** The options as they stand in the question, a line each; none where they are written otherwise. */
export function optionsOf({ question, first }: Asked): Choice[] {
  const found = [...(question ?? first).matchAll(/^\s*\(?([A-Z])[.):]\)?\s*(.+)$/gm)];
  return found.map(([, letter = "", text = ""]) => ({ letter, text: text.trim() }));
}

/** The wanted option's letter, where the answer is a letter ("B", "(B)", "B. Blue fever") or an option's text. */
export function rightLetter(item: Asked & { answer: string }): string {
  const options = optionsOf(item);
  const answer = item.answer.trim();
  const letter = answer.match(/^\(?([A-Za-z])\)?(?:[.):]|$)/)?.[1]?.toUpperCase();
  if (letter) return letter;
  return options.find(({ text }) => text.toLowerCase() === answer.toLowerCase())?.letter ?? answer;
}

/** Can the wanted option be told at all? */
export function namesOption(item: Asked & { answer: string }): boolean {
  const options = optionsOf(item);
  const letter = rightLetter(item);
  return options.length > 0 ? options.some((option) => option.letter === letter) : /^[A-H]$/.test(letter);
}

/** Before a letter: it is named to be set aside. */
const setAside =
  /(?:\b(?:not|cannot|unlikely|rather than|instead of|over|than|against|rul\w+ out|exclud\w+|eliminat\w+)|n['’]t)\b[^.,;\n]{0,25}$/i;
/** After a letter, the same; or it is one of several. */
const dropped =
  /^\)?[:,]?\s+(?:[\w\s'’-]{0,40}?\b)?(?:(?:is|are|was|seems|looks)\s+(?:not|wrong|incorrect|unlikely|less|out|excluded|ruled)|isn['’]t|can(?:not|['’]t)|can be (?:excluded|ruled|eliminated)|does(?:n['’]t| not))\b|^\)?\s*(?:or|and|\/)\s*\(?[A-Z]\b/i;

/** What may stand between "the answer is" and the option. */
const hedge = "(?:(?:most |very |quite )?(?:likely|probably|clearly|definitely|certainly)\\s+)?(?:option\\s+)?";

/**
 * The option that a text settles on: the last letter that it names as its choice, or the only option whose whole text it repeats; null
 * where there is none. What it sets aside is no choice. Letters at the beginning of lines count only where one option stands so: more
 * are a list.
 * @param bare the text is what follows "the answer is": a letter at its beginning is the choice
 */
export function letterIn(text: string, options: readonly Choice[], bare = false): string | null {
  const clean = text.replaceAll(/[*_`"“”]/g, "").trim();
  const letters = options.length > 0 ? options.map(({ letter }) => letter).join("") : "ABCDEFGH";
  const at = (pattern: string, flags = "gm") =>
    [...clean.matchAll(new RegExp(pattern, flags))].flatMap((match) => {
      const letter = match[1] ?? "";
      const after = clean.slice(match.index + match[0].lastIndexOf(letter) + letter.length);
      const meant = !setAside.test(clean.slice(0, match.index)) && !dropped.test(after);
      return meant ? [{ letter: letter.toUpperCase(), index: match.index }] : [];
    });
  const lower = letters.toLowerCase();
  if (bare || /^\(?\w\)?\.?$/.test(clean)) {
    const [first] = at(`^${hedge}\\(?([${letters}${lower}])\\)?(?![\\w'’])(?!\\s+[a-z])`, "gi");
    if (first) return first.letter;
  }
  const named = [
    ...at(
      `\\b(?:is|be|option|choice|choose|pick|select|with|Option|Choice)\\s*:?\\s*\\(?([${letters}])\\)?(?=[.):,;\\s]|$)`,
    ),
    ...at(
      `\\b([${letters}])\\)?\\s+(?:is|seems|looks|appears)\\s+(?:to be\\s+)?(?:the\\s+)?(?:most\\s+)?(?:correct|right|best|likely|appropriate|probable|answer)`,
    ),
  ].sort((one, other) => one.index - other.index);
  const last = named.at(-1);
  if (last) return last.letter;
  const begun = new Set(
    at(`^\\(?([${letters}])\\)?(?:[.):]|,(?!\\s*(?:and\\s+|or\\s+)?[A-Z]\\b)|$)`).map(({ letter }) => letter),
  );
  if (begun.size === 1) return [...begun][0] ?? null;
  const plain = clean.toLowerCase();
  const repeated = options.filter((option) => {
    const found = plain.indexOf(option.text.toLowerCase().replace(/\.$/, ""));
    return found >= 0 && !setAside.test(plain.slice(0, found));
  });
  return repeated.length === 1 ? (repeated[0]?.letter ?? null) : null;
}
