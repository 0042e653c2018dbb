import type { History } from "../../engine/ports.ts";
import type { ChatMessage } from "../chat.ts";
import { fence, line } from "../text.ts";
import { futureSystem, transcript } from "./future.ts";

/** Is the request clear enough to be answered as it stands? Two ways to ask, by capability. */
export const clarityScoredVersion = "clarity-scored/1";
export const clarityJsonVersion = "clarity-json/1";

/** Our own words. Half leaves nothing out; kinds of request alternate so that the last one weighs nothing by itself. */
const examples: readonly (readonly [request: string, leftOut: string])[] = [
  ["Translate this into Spanish.", "the text to translate"],
  ["How many minutes are there in a leap year?", "nothing"],
  ["Plan a birthday party.", "whose birthday it is, how many guests come and the budget"],
  ["A tank holds 90 litres and loses 4 litres an hour. How much is left after 6 hours?", "nothing"],
  ["How much will the trip cost me altogether?", "where the trip goes, how long it takes and what is included"],
  ["Write a Python function that returns the largest number of a list.", "nothing"],
  ["Fix the bug in my program.", "the program and what goes wrong"],
  ["Why do leaves turn red in autumn?", "nothing"],
  ["Recommend me a laptop.", "what it is for and how much it may cost"],
  ['Correct the grammar: "he don\'t know nothing".', "nothing"],
];

/** Characters of a request in a few-shot prompt: more would drown the examples. */
export const requestLimit = 1200;

/** The request on one line: the person's words, and what the assistant said between them. */
export function requestLine(history: History): string {
  const parts = history.map((message) =>
    message.role === "user" ? line(message.text, requestLimit) : `[reply: ${line(message.text, 200)}]`,
  );
  return line(parts.join(" "), requestLimit);
}

const shots = examples.map(([request, leftOut]) => `Request: ${request}\nLeft out: ${leftOut}`).join("\n\n");

/** The next token says " nothing" where nothing is left out. */
export const clarityPrompt = (history: History): string =>
  `What a careful helper would still have to know before answering each request; "nothing" where the request can be answered as it is.\n\n${shots}\n\nRequest: ${requestLine(history)}\nLeft out:`;
export const clearWord = "nothing";

export const clarityTask =
  'Can the person\'s last message be answered well as it stands, or would people who write exactly this want noticeably different replies? Reply with JSON only: {"clear": true or false, "probability": probability from 0 to 1 that it can be answered as it stands}.';

export const claritySchema = {
  type: "object",
  properties: { clear: { type: "boolean" }, probability: { type: "number" } },
  required: ["clear", "probability"],
  additionalProperties: false,
};

export const clarityMessages = (history: History): ChatMessage[] => [
  { role: "system", content: futureSystem },
  { role: "user", content: `${fence("conversation", transcript(history), 24_000)}\n${clarityTask}` },
];
