import { assistantSystem, instructionOf } from "../../lib/models/prompts/assistant.ts";
import { clarityTask, judgementItems } from "../../lib/models/prompts/clarity.ts";
import { doing, futureSystem, judgeTask, userTask } from "../../lib/models/prompts/future.ts";
import { opening, saying } from "../../lib/models/prompts/person.ts";

/** What a request wants, recognised by the product's own prompts, so that the double never drifts away from them. */
export interface Said {
  role: "user" | "assistant";
  text: string;
}
export type Asked =
  | { role: "answer" | "assume" | "hybrid" | "imagined"; conversation: Said[] }
  /** The n-th draft that asks puts n questions. */
  | { role: "ask"; conversation: Said[]; index: number }
  | { role: "clarity" | "reading"; conversation: Said[] }
  /** Does what was said `then` add to the request? */
  | { role: "gather"; conversation: Said[]; added: string }
  | { role: "table"; conversation: Said[]; replies: string[] }
  | { role: "user"; conversation: Said[]; wish: string; task: string }
  | { role: "judge"; conversation: Said[]; wish: string; task: string }
  | { role: "likelihood"; conversation: Said[]; reply: string; wish: string | null }
  /** `clear`: one of the requests that a judge is tried with. */
  | { role: "probe"; text: string; clear?: boolean };
export type Role = Asked["role"];

export interface ChatBody {
  messages: { role: string; content: string | { type: string; text?: string }[] }[];
}

const textOf = (content: ChatBody["messages"][number]["content"]): string =>
  typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");

const between = (text: string, tag: string): string | null =>
  text.match(new RegExp(`<${tag}>\\n([\\s\\S]*?)\\n</${tag}>`))?.[1] ?? null;

/** A transcript of ours, taken apart again. */
function conversationOf(text: string): Said[] {
  const parts = text.split(/^(Person|Assistant): /m).slice(1);
  const said: Said[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2)
    said.push({ role: parts[at] === "Person" ? "user" : "assistant", text: (parts[at + 1] ?? "").trim() });
  return said;
}

const drafts = ["assume", "hybrid", "imagined"] as const;
const mostQuestions = 4;

export function recogniseChat(body: ChatBody): Asked {
  const messages = body.messages.map((message) => ({ role: message.role, text: textOf(message.content) }));
  const system = messages[0]?.role === "system" ? messages[0].text : "";
  const last = messages.at(-1)?.text ?? "";
  if (system.startsWith(futureSystem)) return recogniseFuture(last);
  if (!system.startsWith(assistantSystem)) return { role: "probe", text: last };
  const conversation: Said[] = messages
    .slice(1)
    .map((message) => ({ role: message.role === "assistant" ? "assistant" : "user", text: message.text }));
  /** Takes an instruction of ours off the last message; false where it does not end so. */
  const takeOff = (instruction: string): boolean => {
    if (!last.endsWith(`\n\n${instruction}`)) return false;
    conversation[conversation.length - 1] = { role: "user", text: last.slice(0, -instruction.length - 2) };
    return true;
  };
  for (const role of drafts) if (takeOff(instructionOf(role))) return { role, conversation };
  if (takeOff(instructionOf("partial"))) return { role: "hybrid", conversation };
  for (let index = 1; index <= mostQuestions; index += 1)
    if (takeOff(instructionOf("ask", index))) return { role: "ask", conversation, index };
  return { role: "answer", conversation };
}

function recogniseFuture(prompt: string): Asked {
  const conversation = conversationOf(between(prompt, "conversation") ?? "");
  const wish = between(prompt, "wish") ?? "";
  const task = prompt.slice(prompt.lastIndexOf("</wish>"));
  if (prompt.endsWith(userTask)) return { role: "user", conversation, wish, task };
  if (prompt.endsWith(judgeTask)) return { role: "judge", conversation, wish, task };
  if (prompt.endsWith(clarityTask)) {
    const tried = judgementItems.find((item) => conversation.length === 1 && conversation[0]?.text === item.request);
    return tried ? { role: "probe", text: tried.request, clear: tried.clear } : { role: "clarity", conversation };
  }
  const replies: string[] = [];
  for (let n = 1; ; n += 1) {
    const reply = between(prompt, `reply_${n}`);
    if (reply === null) break;
    replies.push(reply);
  }
  return { role: "table", conversation, replies };
}

/** The last block of a few-shot prompt, as `name: value` lines. */
function recogniseFields(prompt: string): Map<string, string> {
  const block = prompt.slice(prompt.lastIndexOf("Request:"));
  return new Map(
    block.split("\n").map((text) => {
      const colon = text.indexOf(":");
      return [text.slice(0, colon), text.slice(colon + 1).trim()];
    }),
  );
}

/** The last block's messages where it holds several, a line each. */
const messagesIn = (prompt: string): Said[] =>
  prompt
    .slice(prompt.lastIndexOf("\n\n") + 2)
    .split("\n")
    .flatMap((text): Said[] => {
      if (text.startsWith("Request: ")) return [{ role: "user", text: text.slice("Request: ".length) }];
      return text.startsWith("Reply: ") ? [{ role: "assistant", text: text.slice("Reply: ".length) }] : [];
    });

export function recogniseCompletion(prompt: string): Asked {
  const fields = recogniseFields(prompt);
  const request = fields.get("Request");
  if (request === undefined) return { role: "probe", text: prompt };
  const conversation: Said[] = [{ role: "user", text: request }];
  const reply = fields.get("Reply") ?? "";
  const saidHow = (Object.keys(saying) as (keyof typeof saying)[]).find((does) =>
    prompt.endsWith(`\n${saying[does]}: ${opening[does]}`),
  );
  if (saidHow) {
    const heard: Said[] = [...conversation, { role: "assistant", text: reply }];
    return { role: "user", conversation: heard, wish: fields.get("They want") ?? "", task: doing[saidHow] };
  }
  if (prompt.endsWith("Left out:")) return { role: "clarity", conversation: messagesIn(prompt) };
  if (prompt.endsWith("The last message:")) return { role: "gather", conversation, added: fields.get("Then") ?? "" };
  if (prompt.endsWith("Ask back:")) return { role: "ask", conversation, index: 1 };
  if (prompt.endsWith("Perhaps they want:")) return { role: "reading", conversation };
  return { role: "likelihood", conversation, reply, wish: fields.get("They want") ?? null };
}
