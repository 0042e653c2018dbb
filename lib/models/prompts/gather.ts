import { line } from "../text.ts";

/**
 * What does a person's next message do to the request before it? Read by the next token of a few-shot completion. All
 * examples are our own words.
 */
export const gatherVersion = "gather/2";

type Example = readonly [request: string, reply: string, then: string, does: string];
const adds = "adds a detail";
const changes = "changes the reply";
const asksElse = "asks for something else";
const rejects = "rejects the reply";
const noMore = "says no more";

const examples: readonly Example[] = [
  [
    "Recommend me a laptop.",
    "A good laptop for most people is one with 16 GB of memory.",
    "I will use it mostly to edit films.",
    adds,
  ],
  ["Who wrote the novel Dracula?", "Bram Stoker wrote it.", "When was he born?", asksElse],
  [
    "How many rolls are left in the shop?",
    "There are 40 rolls left in the shop.",
    "The baker makes 150 rolls every morning.",
    adds,
  ],
  [
    "Write a poem about autumn.",
    "Golden leaves are falling down, on every roof of our small town.",
    "Make it shorter.",
    changes,
  ],
  [
    "Explain how a bicycle stays upright.",
    "A bicycle stays upright mostly because it steers into a fall.",
    "Thanks! Now write me a shopping list for pancakes.",
    asksElse,
  ],
  [
    "Plan a birthday party.",
    "Start with the guest list, then choose a place and food.",
    "It is for my daughter, who turns six on Saturday.",
    adds,
  ],
  [
    "Write an email to my teacher.",
    "Dear teacher, I hope you are well. Kind regards",
    "Translate that into French.",
    changes,
  ],
  ["How long does the journey take?", "The journey takes about two hours.", "Each stop takes five minutes.", adds],
  ["How many days is that?", "That is 14 days.", "No, that is not correct.", rejects],
  ["Find a film for tonight.", "What kind of film do you like?", "I don't know, you decide.", noMore],
  ["What is the capital of Peru?", "Lima is the capital of Peru.", "And of Chile?", asksElse],
];

const shots = examples
  .map(
    ([request, reply, then, does]) => `Request: ${request}\nReply: ${reply}\nThen: ${then}\nThe last message: ${does}`,
  )
  .join("\n\n");

/** The next token is the first word of what the message does. */
export const gatherPrompt = (request: string, reply: string, then: string): string =>
  `What a person's next message does to the request before it.\n\n${shots}\n\nRequest: ${line(request, 300)}\nReply: ${line(reply, 200)}\nThen: ${line(then, 300)}\nThe last message:`;

export const gatherWords = ["adds", "rejects", "says", "changes", "asks"] as const;
export type GatherWord = (typeof gatherWords)[number];
