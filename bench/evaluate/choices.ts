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

/** Right before an option: it is named to be set aside. */
const setAside =
  /(?:\b(?:not|cannot be|unlikely|rather than|instead of|over|than|against|rul(?:e|es|ed|ing) out|exclud(?:e|es|ed|ing)|eliminat(?:e|es|ed|ing))|n['’]t(?: be)?)\s+(?:(?:the|a|an|to be|be|option|choice|answer)\s+)*\(?$/i;
/** Right after an option: the same. */
const dropped =
  /^\)?\s+(?:(?:is|was|seems|looks)\s+(?:not|wrong|incorrect|unlikely|less|out|excluded|ruled|eliminated)|(?:is|was|does|can|could|would)n['’]t|can['’]t|cannot|does not|can be (?:excluded|ruled|eliminated))\b/;

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
  const oneOfSeveral = new RegExp(
    `^\\)?,?\\s*(?:(?:or|/)\\s*\\(?[${letters}]\\b|and\\s+\\(?[${letters}]\\b(?!\\s+[a-z]))`,
  );
  const at = (pattern: string, flags = "gm") =>
    [...clean.matchAll(new RegExp(pattern, flags))].flatMap((match) => {
      const letter = match[1] ?? "";
      const place = match.index + match[0].search(new RegExp(`\\b${letter}\\b`));
      const after = clean.slice(place + letter.length);
      const meant = !setAside.test(clean.slice(0, place)) && !dropped.test(after) && !oneOfSeveral.test(after);
      return meant ? [{ letter: letter.toUpperCase(), index: match.index }] : [];
    });
  const lower = letters.toLowerCase();
  if (bare || /^\(?\w\)?\.?$/.test(clean)) {
    const [first] = at(`^${hedge}\\(?([${letters}${lower}])\\)?(?![\\w'’])(?!\\s+[a-z])`, "g");
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
  const repeated = options.filter((option) =>
    placesOf(plain, option.text.toLowerCase().replace(/\.$/, "")).some(
      (place) => !setAside.test(plain.slice(0, place)),
    ),
  );
  return repeated.length === 1 ? (repeated[0]?.letter ?? null) : null;
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0 && part !== ""; at = text.indexOf(part, at + part.length)) places.push(at);
  return places;
}
