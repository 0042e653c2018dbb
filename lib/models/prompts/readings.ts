import type { History } from "../../engine/ports.ts";
import { line } from "../text.ts";
import { requestLine } from "./clarity.ts";

/**
 * Few-shot completions for small models: their prose is sound, their verdicts are not, so they are read by probabilities.
 * All examples are our own words.
 */
export const readingsVersion = "readings/1";
export const sensitivityVersion = "sensitivity/1";

const wishes: readonly (readonly [request: string, wish: string])[] = [
  ["Write a poem.", "a short funny poem that rhymes, for a friend's birthday card"],
  ["How do I get better at running?", "a weekly plan that takes a beginner to ten kilometres"],
  ["Recommend me a laptop.", "a light laptop for university notes that costs less than 700 euros"],
  ["Fix the bug in my program.", "to find out why their loop in Python never ends"],
  [
    "How much will the trip cost me altogether?",
    "the price of two weeks in Portugal for four people, flights included",
  ],
];
const wishShots = wishes.map(([request, wish]) => `Request: ${request}\nPerhaps they want: ${wish}`).join("\n\n");

/** Completed at temperature 1, one line: one thing that a person who writes this may want. */
export const readingPrompt = (history: History): string =>
  `Each request below leaves something open. One thing that the person who wrote it may want in particular:\n\n${wishShots}\n\nRequest: ${requestLine(history)}\nPerhaps they want:`;
export const readingLimit = 160;

const replyLimit = 320;
const helps: readonly (readonly [request: string, reply: string, wish: string, verdict: "yes" | "no"])[] = [
  [
    "Recommend me a laptop.",
    "The big workstation with 64 GB of memory is the best one; it costs about 2,900 euros.",
    "a light laptop for university notes that costs less than 700 euros",
    "no",
  ],
  [
    "Write a poem.",
    "Another year, another cake, how many candles can you take? Blow them out, my dear old friend, this party will not see its end.",
    "a short funny poem that rhymes, for a friend's birthday card",
    "yes",
  ],
  [
    "How do I cook rice?",
    "Rinse a cup of rice, add two cups of water and a pinch of salt, simmer covered for 15 minutes, let it rest for five.",
    "to make plain rice on the stove",
    "yes",
  ],
  [
    "How do I get better at running?",
    "Good shoes matter most. Look for a shop that films you on a treadmill.",
    "a weekly plan that takes a beginner to ten kilometres",
    "no",
  ],
];
const helpsShots = helps
  .map(
    ([request, reply, wish, verdict]) =>
      `Request: ${request}\nReply: ${reply}\nThey wanted: ${wish}\nGot it: ${verdict}`,
  )
  .join("\n\n");

/** The next token says " yes" or " no". The wish comes last so that a candidate's readings share the longest prefix. */
export const helpsPrompt = (history: History, reply: string, wish: string): string =>
  `Did the reply give the person what they wanted?\n\n${helpsShots}\n\nRequest: ${requestLine(history)}\nReply: ${line(reply, replyLimit)}\nThey wanted: ${line(wish, readingLimit)}\nGot it:`;

/** A reply's beginning after the request, with or without a reading: its tokens are scored by echo. */
export function sensitivityPrompt(
  history: History,
  wish: string | null,
  reply: string,
): { head: string; text: string } {
  const head = `Request: ${requestLine(history)}\n${wish === null ? "" : `They want: ${line(wish, readingLimit)}\n`}Reply:`;
  return { head, text: `${head} ${line(reply, scoredReplyLimit)}` };
}
/** About 50 tokens of the reply: what a reading changes shows at its beginning. */
export const scoredReplyLimit = 200;
