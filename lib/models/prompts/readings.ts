import type { History } from "../../engine/ports.ts";
import { requestLine } from "./clarity.ts";

/** Readings of a request as few-shot completions: a small model's prose is sound. All examples are our own words. */
export const readingsVersion = "readings/1";

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
