import type { History } from "../../engine/ports.ts";
import { sameQuestion } from "../../shared/text.ts";
import { requestLine } from "./clarity.ts";

/**
 * A question back for small models. Asked in a chat to ask something they begin the task, or ask to be asked; completing a
 * pattern they ask for what is missing. All examples are our own words.
 */
export const questionVersion = "question/1";

/** `about`: a conversation that this very question may be put in. */
const examples: readonly { readonly request: string; readonly question: string; readonly about: RegExp }[] = [
  {
    request: "Recommend me a laptop.",
    question: "What will you mainly use it for, and how much may it cost?",
    about: /laptop|computer|phone|tablet|camera|buy|recommend/i,
  },
  { request: "Translate this into Spanish.", question: "Which text shall I translate?", about: /translat/i },
  {
    request: "Plan a birthday party.",
    question: "Whose birthday is it, and how many guests will come?",
    about: /birthday/i,
  },
  {
    request: "How much will the trip cost me altogether?",
    question: "Where does the trip go, and what is included so far?",
    about: /\btrip\b|travel|journey/i,
  },
  {
    request: "Fix the bug in my program. [reply: Which language is it?] Python.",
    question: "Can you show me the code and the error it gives?",
    about: /code|program|\bbug|error|script|function/i,
  },
  {
    request: "Write a speech.",
    question: "What is the occasion, and who will be listening?",
    about: /speech|talk|toast/i,
  },
  {
    request: "How many bags do I need?",
    question: "How much has to fit into the bags, and how big is each of them?",
    about: /\bbags?\b/i,
  },
  {
    request: "I want to learn a language.",
    question: "Which language is it, and what do you want to be able to do with it?",
    about: /language/i,
  },
];
const shots = examples.map(({ request, question }) => `Request: ${request}\nAsk back: ${question}`).join("\n\n");

/** Completed on one line. */
export const questionPrompt = (history: History): string =>
  `The one short question that a careful assistant asks before it begins, about what is missing in the request.\n\n${shots}\n\nRequest: ${requestLine(history)}\nAsk back:`;

/** The words up to the last question mark; null where nothing was asked. */
export function questionIn(text: string): string | null {
  const asked = /^.*[?？]/s.exec(text.trim())?.[0].trim();
  return asked && asked.length >= 5 ? asked : null;
}

/** Is this an example's own question, put to somebody who talks about something else? */
export const repeatsExample = (question: string, history: History): boolean =>
  examples.some(
    (example) =>
      sameQuestion(example.question, question) && !history.some((message) => example.about.test(message.text)),
  );
