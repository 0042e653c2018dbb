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

/**
 * The option that a text settles on: the last letter it names as its choice, or the only option whose whole text it repeats;
 * null where there is none. Letters at the beginning of lines count only where one option stands so: more are a list.
 * @param bare the text is what follows "the answer is": a letter at its beginning is the choice
 */
export function letterIn(text: string, options: readonly Choice[], bare = false): string | null {
  const clean = text.replaceAll(/[*_`"“”]/g, "").trim();
  const letters = options.length > 0 ? options.map(({ letter }) => letter).join("") : "ABCDEFGH";
  const at = (pattern: string, flags = "gm") =>
    [...clean.matchAll(new RegExp(pattern, flags))].map(([, letter = ""]) => letter.toUpperCase());
  if (bare) {
    const [first] = at(`^\\(?([${letters}${letters.toLowerCase()}])\\)?(?![\\w'’])(?!\\s+[a-z])`, "g");
    if (first) return first;
  }
  const named = at(
    `\\b(?:is|be|option|choice|choose|pick|select|with|Option|Choice)\\s*:?\\s*\\(?([${letters}])\\)?(?=[.):,;\\s]|$)`,
  );
  const last = named.at(-1);
  if (last) return last;
  const begun = new Set(at(`^\\(?([${letters}])\\)?(?:[.):]|$)`));
  if (begun.size === 1) return [...begun][0] ?? null;
  const lower = clean.toLowerCase();
  const repeated = options.filter((option) => lower.includes(option.text.toLowerCase().replace(/\.$/, "")));
  return repeated.length === 1 ? (repeated[0]?.letter ?? null) : null;
}
