import { clamp } from "./text.ts";

type Choices = readonly { readonly token: string; readonly logprob: number }[];

/** Is this token the beginning of that word (" noth" of "nothing"), whole word included? */
const begins = (token: string, word: string): boolean => {
  const start = token.trim().toLowerCase();
  return start.length >= Math.min(3, word.length) && word.startsWith(start);
};

/** The probability that the next word is `word`, from the alternatives that the endpoint told; 0 where it is none of them. */
export const probabilityOf = (choices: Choices, word: string): number =>
  clamp(choices.filter(({ token }) => begins(token, word)).reduce((sum, { logprob }) => sum + Math.exp(logprob), 0));
