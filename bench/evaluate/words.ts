/** Words that carry no content, for counting overlaps. */
const STOP = new Set(
  "a an and are as at be been by can could did do does for from had has have he her hers him his how i if in into is it its me my of on or our she should so some than that the their them then there these they this those to was we were what when where which who whom whose why will with would you your".split(
    " ",
  ),
);

/** Lower-case words and numbers of a text, in order. Full stops and commas inside numbers stay. */
export function words(text: string): string[] {
  return text.toLowerCase().match(/\d+(?:[.,]\d+)*|\p{L}+(?:['’]\p{L}+)*/gu) ?? [];
}

/** The words that say what a text is about: no function words, plurals as their singular. */
export function contentWords(text: string): Set<string> {
  return new Set(
    words(text)
      .map((word) => word.replace(/['’]s$/u, ""))
      .filter((word) => !STOP.has(word))
      .map((word) => (word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word)),
  );
}
