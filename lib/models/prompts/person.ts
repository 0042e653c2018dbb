import type { Act, FactAct, History, Intent } from "../../engine/ports.ts";
import { line } from "../text.ts";
import { requestLine } from "./clarity.ts";

/**
 * The simulated person for small models: asked in a chat they speak as the assistant does and ask back; completing a
 * pattern they speak as the person. All examples are our own words.
 */
export const personVersion = "person/1";

/** What stands before the person's words; the model completes them. */
export const saying: Record<FactAct["does"], string> = {
  tells: "They answer",
  misleads: "They answer, but mix something up",
  refuses: "They do not mind",
  corrects: "They object",
  miscorrects: "They object, but mix something up",
};

interface Example {
  request: string;
  reply: string;
  wish: string;
  does: FactAct["does"];
  says: string;
}
const examples: readonly Example[] = [
  {
    request: "Recommend me a laptop.",
    reply: "What will you use it for?",
    wish: "a light laptop for university notes that costs less than 700 euros",
    does: "tells",
    says: "For taking notes at university, and it should cost less than 700 euros.",
  },
  {
    request: "Translate this into Spanish.",
    reply: "Assuming that it is a letter to a bank: Estimados señores, les escribo …",
    wish: "the menu of their restaurant in Spanish for tourists",
    does: "corrects",
    says: "No, I meant the menu of my restaurant. Tourists should be able to read it.",
  },
  {
    request: "Plan a birthday party.",
    reply: "How old will the birthday child be?",
    wish: "a party in the garden for twenty adults",
    does: "refuses",
    says: "I don't know yet, just go ahead.",
  },
  {
    request: "Write a poem.",
    reply: "What should it be about?",
    wish: "a short funny poem that rhymes, for a friend's birthday card",
    does: "misleads",
    says: "About my sister's wedding.",
  },
  {
    request: "How do I get better at running?",
    reply: "Here is how to run faster over 100 metres: train your start three times a week.",
    wish: "a weekly plan that takes a beginner to ten kilometres",
    does: "miscorrects",
    says: "That's not it, I want to run a marathon.",
  },
  {
    request: "Fix the bug in my program.",
    reply: "Which language is it, and what goes wrong?",
    wish: "to find out why their loop in Python never ends",
    does: "tells",
    says: "It's Python. My loop never ends and I don't know why.",
  },
];

const replyLimit = 320;
const wishLimit = 200;
const block = (request: string, reply: string, wish: string, does: FactAct["does"]): string =>
  `Request: ${request}\nReply: ${reply}\nThey want: ${wish}\n${saying[does]}:`;
const shots = examples
  .map(({ request, reply, wish, does, says }) => `${block(request, reply, wish, does)} ${says}`)
  .join("\n\n");

/** A pattern knows one thing that is told or put right; null where the act has several, which only words can say. */
export const oneFact = (act: Extract<Act, { type: "reply" }>): FactAct["does"] | null =>
  act.facts.length === 1 && act.facts[0]?.fact === 0 ? act.facts[0].does : null;

/** Completed at temperature 1, one line: the person's next message. The request comes first and the act last, for the prefix. */
export function personPrompt(history: History, intent: Intent, does: FactAct["does"]): string {
  const last = history.at(-1);
  const before = history.slice(0, -1);
  return `What people write next in a chat, given what they really want.\n\n${shots}\n\n${block(
    requestLine(before),
    line(last?.text ?? "", replyLimit),
    line(intent.text, wishLimit),
    does,
  )}`;
}
