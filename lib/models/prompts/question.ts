import type { History } from "../../engine/ports.ts";
import { requestLine } from "./clarity.ts";

/**
 * A question back for small models. Asked in a chat to ask something they begin the task, or ask to be asked; completing a
 * pattern they ask for what is missing. All examples are our own words.
 */
export const questionVersion = "question/1";

const examples: readonly (readonly [request: string, question: string])[] = [
  ["Recommend me a laptop.", "What will you mainly use it for, and how much may it cost?"],
  ["Translate this into Spanish.", "Which text shall I translate?"],
  ["Plan a birthday party.", "Whose birthday is it, and how many guests will come?"],
  ["How much will the trip cost me altogether?", "Where does the trip go, and what is included so far?"],
  [
    "Fix the bug in my program. [reply: Which language is it?] Python.",
    "Can you show me the code and the error it gives?",
  ],
  ["Write a speech.", "What is the occasion, and who will be listening?"],
  ["How many bags do I need?", "How much has to fit into the bags, and how big is each of them?"],
  ["I want to learn a language.", "Which language is it, and what do you want to be able to do with it?"],
];
const shots = examples.map(([request, question]) => `Request: ${request}\nAsk back: ${question}`).join("\n\n");

/** Completed on one line. */
export const questionPrompt = (history: History): string =>
  `The one short question that a careful assistant asks before it begins, about what is missing in the request.\n\n${shots}\n\nRequest: ${requestLine(history)}\nAsk back:`;

/** The words up to the last question mark; null where nothing was asked. */
export function questionIn(text: string): string | null {
  const asked = /^.*[?？]/s.exec(text.trim())?.[0].trim();
  return asked && asked.length >= 5 ? asked : null;
}
