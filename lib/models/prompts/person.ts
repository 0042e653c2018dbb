import type { Act, FactAct, History, Intent } from "../../engine/ports.ts";
import { line } from "../text.ts";
import { requestLine } from "./clarity.ts";

/**
 * The simulated person for small models: asked in a chat they speak as the assistant does and ask back; completing a
 * pattern they speak as the person. All examples are our own words.
 */
export const personVersion = "person/2";

/** What stands before the person's words; the model completes them. */
export const saying: Record<FactAct["does"], string> = {
  tells: "They answer",
  misleads: "They answer, but mix something up",
  refuses: "They do not mind",
  corrects: "They object",
  miscorrects: "They object, but mix something up",
};

/**
 * How the words begin: given, because a small model then says what is wanted instead of talking around it. Null: the same
 * few words serve everybody, and no model is asked.
 */
export const opening: Record<FactAct["does"], string | null> = {
  tells: "I want",
  misleads: "I want",
  refuses: null,
  corrects: "No, I want",
  miscorrects: "No, I want",
};
const unwilling = [
  "I don't know, just go ahead.",
  "I don't mind, do what you think is best.",
  "No idea. Please just do it.",
  "That doesn't matter to me, go on.",
];
/** What somebody says who will not answer. @param seed unsigned */
export const refusal = (seed: number): string => unwilling[seed % unwilling.length] ?? "Just go ahead.";

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
    says: "I want to take notes with it at university, and it should cost less than 700 euros.",
  },
  {
    request: "Translate this into Spanish.",
    reply: "Assuming that it is a letter to a bank: Estimados señores, les escribo …",
    wish: "the menu of their restaurant in Spanish for tourists",
    does: "corrects",
    says: "No, I want the menu of my restaurant in Spanish, so that tourists can read it.",
  },
  {
    request: "Plan a birthday party.",
    reply: "How old will the birthday child be?",
    wish: "a party in the garden for twenty adults",
    does: "tells",
    says: "I want a party for adults, about twenty of us, in the garden.",
  },
  {
    request: "Write a poem.",
    reply: "What should it be about?",
    wish: "a short funny poem that rhymes, for a friend's birthday card",
    does: "misleads",
    says: "I want one for my sister's wedding.",
  },
  {
    request: "How do I get better at running?",
    reply: "Here is how to run faster over 100 metres: train your start three times a week.",
    wish: "a weekly plan that takes a beginner to ten kilometres",
    does: "miscorrects",
    says: "No, I want to run a marathon.",
  },
  {
    request: "Fix the bug in my program.",
    reply: "Which language is it, and what goes wrong?",
    wish: "to find out why their loop in Python never ends",
    does: "tells",
    says: "I want to know why my loop in Python never ends.",
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

/** Completed at temperature 1, one line: the rest of the person's next message. The request comes first and the act last, for the prefix. */
export function personPrompt(history: History, intent: Intent, does: FactAct["does"]): string {
  const last = history.at(-1);
  const before = history.slice(0, -1);
  const asked = block(requestLine(before), line(last?.text ?? "", replyLimit), line(intent.text, wishLimit), does);
  return `What people write next in a chat, given what they really want.\n\n${shots}\n\n${asked} ${opening[does] ?? ""}`.trimEnd();
}
