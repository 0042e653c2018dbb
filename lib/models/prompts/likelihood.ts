import type { History } from "../../engine/ports.ts";
import { line } from "../text.ts";
import { requestLine } from "./clarity.ts";
import { readingLimit } from "./readings.ts";

/** How likely is a reply after its request, with and without a wish? Nothing is asked of the model: its tokens are scored by echo. */
export const likelihoodVersion = "likelihood/1";

/** Characters, about 30 tokens, from the beginning of the reply: what a wish changes shows there, 320 tell no more. */
export const scoredReplyLimit = 120;

/** `head` is what stands before the reply in `text`. */
export function likelihoodPrompt(history: History, wish: string | null, reply: string): { head: string; text: string } {
  const head = `Request: ${requestLine(history)}\n${wish === null ? "" : `They want: ${line(wish, readingLimit)}\n`}Reply:`;
  // Whole characters only, and no space at the end: half an emoji is no text, a lone space a token of its own.
  const beginning = line(reply, Number.POSITIVE_INFINITY)
    .slice(0, scoredReplyLimit)
    .replace(/[\uD800-\uDBFF]$/, "");
  return { head, text: `${head} ${beginning.trimEnd()}` };
}

/**
 * What a gain in likelihood (nats a token) says of success: its log-odds are `intercept + slope · gain`. The means over thirty
 * requests (replies for either of two readings, and for none) lie then where the table's constants expect them, that is, a reply to an
 * unclear request that was written knowing the wish is worth .23 more than one that was not, to a clear one .06 (decision 0064).
 * The scatter stays in: the engine believes a rollout's s.d. to be .38 and averages.
 */
const fitted = { intercept: 0.4, slope: 5 } as const;

/** P(a person with this wish got what they wanted) in (0,1). */
export const successOf = (gain: number): number => 1 / (1 + Math.exp(-(fitted.intercept + fitted.slope * gain)));

/** The gain that stands for a probability: the inverse, for whoever must produce one. */
export const gainOf = (success: number): number => {
  const bounded = Math.min(1 - 1e-9, Math.max(1e-9, success));
  return (Math.log(bounded / (1 - bounded)) - fitted.intercept) / fitted.slope;
};
