import type { History } from "../../engine/ports.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { ChatMessage } from "../chat.ts";

/**
 * The assistant: the direct answer, the drafts and its turns in imagined futures. All of them begin with the same bytes
 * (system text, history); what the reply should be like comes last, so that the history is read once (engine.md, Prefix).
 */
export const assistantVersion = "assistant/3";

export const assistantSystem =
  "You are Parley, a helpful assistant. You are correct, concrete and friendly, you come to the point at once, " +
  "and you say openly when you do not know something. You reply in the language of the person you talk to.";

/** What a reply should be like: a candidate's kind, a small model's part of a hybrid, a turn in an imagined future. */
type Wanted = Kind | "partial" | "imagined";

const instructions: Record<Wanted, string> = {
  // Plain chat: nothing is added, so that this is also the baseline that everything is compared with.
  answer: "",
  assume:
    '(Do it now. Pick the most likely meaning of what I left open and begin with one line: "Assuming …". ' +
    "Ask me nothing.)",
  ask:
    "(Before you do this, ask me one short question about the most important thing that I left out. " +
    "Write only the question.)",
  hybrid:
    "(First give me two or three lines that help in any case. " +
    "Then ask me one short question about the detail you need most.)",
  // A small model repeats the words of the instruction above to the person; its question is completed, not asked for.
  partial: "(Keep it short: two sentences, no question.)",
  imagined: "(Keep it short: the essentials only, in a few sentences.)",
};

/** A second draft that asks may put two questions, a third three. */
const further = (index: number): string =>
  `(Before you do this, ask me ${index} short questions about the most important things that I left out. ` +
  "Write only the questions.)";

/** What is appended to the person's last message; empty for the direct answer. @param index counts drafts of a kind from 1 */
export const instructionOf = (kind: Wanted, index = 1): string =>
  kind === "ask" && index > 1 ? further(index) : instructions[kind];

/** The messages of one call. `extra`: the person's or the operator's own system text. */
export function assistantMessages(history: History, kind: Wanted, extra = "", index = 1): ChatMessage[] {
  const messages: ChatMessage[] = [
    { role: "system", content: extra ? `${assistantSystem}\n\n${extra}` : assistantSystem },
    ...history.map((message) => ({ role: message.role, content: message.text })),
  ];
  const last = messages.at(-1);
  const instruction = instructionOf(kind, index);
  if (instruction && last) messages[messages.length - 1] = { ...last, content: `${last.content}\n\n${instruction}` };
  return messages;
}
