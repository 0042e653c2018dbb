/** Pure helpers over words, for whoever compares texts: near-duplicate drafts, merged readings, leaks, repeated questions. */

/** Lower case, compatibility forms folded, everything but letters and digits a single space. */
export function normalise(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The words of a text, normalised, in order. */
export function words(text: string): string[] {
  const plain = normalise(text);
  return plain === "" ? [] : plain.split(" ");
}

/** Jaccard overlap of two texts' sets of words, in [0,1]; two empty texts overlap fully. */
export function wordOverlap(left: string, right: string): number {
  const first = new Set(words(left));
  const second = new Set(words(right));
  if (first.size === 0 && second.size === 0) return 1;
  let shared = 0;
  for (const word of first) if (second.has(word)) shared += 1;
  return shared / (first.size + second.size - shared);
}

/** Do two questions ask the same, in other words perhaps? */
export const sameQuestion = (left: string, right: string): boolean => wordOverlap(left, right) >= 0.6;

/**
 * Does a question hand one of the person's own back, shortened perhaps: its beginning and nearly all of its words are theirs?
 * "Spanish or French?" is none, though both words may be theirs.
 */
export function handsBack(question: string, history: readonly { role: string; text: string }[]): boolean {
  const asked = words(question);
  const distinct = new Set(asked);
  const theirs = history.flatMap(({ role, text }) => (role === "user" ? questionsIn(text) : []));
  return theirs.map(words).some((said) => {
    if (distinct.size < 4 || !` ${said.join(" ")} `.includes(` ${asked.slice(0, 3).join(" ")} `)) return false;
    return [...distinct].filter((word) => said.includes(word)).length >= 0.75 * distinct.size;
  });
}

/**
 * Does `reply` repeat a run of at least `length` words of `secret` that stands nowhere in `visible`? So it is told whether
 * a simulated assistant has seen what only the simulated user may know.
 */
export function leaks(reply: string, secret: string, visible: string, length = 5): boolean {
  const secretWords = words(secret);
  if (secretWords.length < length) return false;
  const said = ` ${normalise(reply)} `;
  const seen = ` ${normalise(visible)} `;
  for (let start = 0; start + length <= secretWords.length; start += 1) {
    const run = ` ${secretWords.slice(start, start + length).join(" ")} `;
    if (said.includes(run) && !seen.includes(run)) return true;
  }
  return false;
}

/** The questions in a text: sentences that end with a question mark, trimmed. */
export function questionsIn(text: string): string[] {
  return (text.match(/[^.!?\n]*\?/gu) ?? [])
    .map((question) => question.trim())
    .filter((question) => question.length > 1);
}
