/** A token as the double says it, with the alternatives that a real model would tell. */
export interface Token {
  token: string;
  logprob: number;
  top: { token: string; logprob: number }[];
}
export type Line = Token[];

const one = (token: string): Token => ({ token, logprob: -0.1, top: [{ token, logprob: -0.1 }] });

/** A text in tokens of one word each, the space before it included. */
export const words = (text: string): Line => (text.match(/\s*\S+|\s+$/g) ?? []).map(one);

const weighed = (options: [token: string, probability: number][], said: string, lead: string): Token => {
  const top = options
    .filter(([, probability]) => probability > 1e-6)
    .map(([token, probability]) => ({ token: lead + token, logprob: Math.log(probability) }))
    .sort((a, b) => b.logprob - a.logprob);
  return { token: lead + said, logprob: top.find(({ token }) => token === lead + said)?.logprob ?? -9, top };
};

/** Scores in [0,1] as digits 0 to 9, each with the probabilities whose expectation is the score; the likelier one is said. */
export const digits = (scores: number[]): Line =>
  scores.map((score, index) => {
    const exact = Math.min(9, Math.max(0, score * 9));
    const low = Math.floor(exact);
    const high = Math.min(9, low + 1);
    const part = exact - low;
    const options: [string, number][] = [
      [String(low), 1 - part],
      [String(high), part],
    ];
    return weighed(options, String(part > 0.5 ? high : low), index ? " " : "");
  });

/** One word against another with probability `p`; the likelier is said. Completions begin with a space. */
export const sure = (word: string, other: string, p: number): Line => [
  weighed(
    [
      [word, p],
      [other, 1 - p],
    ],
    p >= 0.5 ? word : other,
    " ",
  ),
];

export const textOf = (line: Line): string => line.map(({ token }) => token).join("");
