/** Words that carry no content, for counting overlaps. */
const STOP = new Set(
  "a an and are as at be been by can could did do does for from had has have he her hers him his how i if in into is it its me my of on or our she should so some than that the their them then there these they this those to was we were what when where which who whom whose why will with would you your".split(
    " ",
  ),
);

/** Written without spaces: a run of letters is no word there. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Lower-case words and numbers of a text, in order. Full stops and commas inside numbers stay. */
export function words(text: string): string[] {
  const runs =
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/\d+(?:[.,]\d+)*|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? [];
  return runs.flatMap((run) => (unspaced.test(run) ? [...segmenter.segment(run)].map(({ segment }) => segment) : run));
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
