import type { History } from "../../engine/ports.ts";
import type { ChatMessage } from "../chat.ts";
import { fence, line } from "../text.ts";
import { futureSystem, transcript } from "./future.ts";

/** Is the request clear enough to be answered as it stands? Two ways to ask, by capability. */
export const clarityScoredVersion = "clarity-scored/3";
export const clarityJsonVersion = "clarity-json/1";

type Example = readonly [said: readonly string[], leftOut: string];

const kite =
  "Anna lent her blue kite to her cousin Ben on Saturday. It was windy by the lake, and Ben's dog Rufus chased the kite until the string broke. Ben bought a new string with his own money.";
const sons =
  "Mr. Hale has two sons, Peter and Luke. Peter plays the violin and Luke paints. Last spring one won a prize at school and the other was ill for a month.";

/**
 * Our own words. `said` alternates request and reply. Every kind of request stands here twice, once with all that is
 * needed and once without: what the next token reads is then whether something is missing, not what the talk is about.
 */
const examples: readonly Example[] = [
  [["Help me choose a new laptop."], "the budget and what it will be used for"],
  [["How many bones does an adult human have?"], "nothing"],
  [
    ["Every box holds 12 pens. Maria buys some boxes and gives 9 pens to her class. How many pens does she have left?"],
    "how many boxes Maria buys",
  ],
  [
    [
      "A baker sells rolls at 40 cents each. On Monday she sold 150 rolls and on Tuesday twice as many. How much money did she take in?",
    ],
    "nothing",
  ],
  [
    [`${sons} Who are Mr. Hale's sons?`, "Peter and Luke", "What does he like to do?"],
    "which of the two sons is meant",
  ],
  [[`${kite} Who bought the new string?`], "nothing"],
  [["Suggest a present for my nephew."], "the nephew's age, what he likes and the budget"],
  [["Write a JavaScript function that returns the longest word of a sentence."], "nothing"],
  [["Put three tiles in a row next to the wall."], "the colour of the tiles and which wall"],
  [["Put a white tile in the north-west corner, then two black tiles directly south of it."], "nothing"],
  [["How much did the whole order cost?"], "what was ordered and the prices"],
  [["List the planets of the solar system from the smallest to the largest."], "nothing"],
  [["I want to get fit. Make me a plan."], "the fitness level, the time there is and the goal"],
  [["Who wrote the novel Dracula, and in which year did it appear?"], "nothing"],
  [["Find a good restaurant for tomorrow."], "the city, the kind of food and the number of people"],
  [["Book a table for four at Luigi's on Main Street this Friday at 7 pm under the name Parker."], "nothing"],
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

/** Of the last message, and of each before it: a small model reads 100 tokens a second, and people wait for this check. */
const lastLimit = 1200;
const earlierLimit = 400;
const mostMessages = 7;

const roleOf = (role: "user" | "assistant") => (role === "user" ? "Request" : "Reply");

/** The conversation's end, a message a line: the few-shot prompt's own form, which no message can break out of. */
export function requestLines(history: History): string {
  const recent = history.slice(-mostMessages);
  return recent
    .map(({ role, text }, at) => `${roleOf(role)}: ${line(text, at === recent.length - 1 ? lastLimit : earlierLimit)}`)
    .join("\n");
}

const shots = examples
  .map(([said, leftOut]) => {
    const lines = said.map((text, at) => `${roleOf(at % 2 === 0 ? "user" : "assistant")}: ${text}`);
    return `${lines.join("\n")}\nLeft out: ${leftOut}`;
  })
  .join("\n\n");

/** The next token says " nothing" where nothing is left out. */
export const clarityPrompt = (history: History): string =>
  `What a careful assistant would still have to know before it can reply well; "nothing" where the messages say all that is needed.\n\n${shots}\n\n${requestLines(history)}\nLeft out:`;
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

/** Requests on which nobody is in doubt: a model that gets one wrong in words is read by its probabilities instead. */
export const judgementItems: readonly { readonly request: string; readonly clear: boolean }[] = [
  { request: "What is 12 times 12?", clear: true },
  { request: "Please improve the text that I have in mind.", clear: false },
  { request: "Which month comes after April?", clear: true },
  { request: "Book it for us.", clear: false },
];
