import type { Gathered, History, Message, Ports } from "../engine/ports.ts";
import type { CallInfo } from "./call.ts";
import { alternatives, complete } from "./completions.ts";
import { prefersScored } from "./makers.ts";
import { probabilityOf } from "./probability.ts";
import { type GatherWord, gatherPrompt, gatherVersion, gatherWords } from "./prompts/gather.ts";
import { type Context, paid } from "./served.ts";
import { line } from "./text.ts";

/** A message that puts a question, or is longer than this, is never a mere addition. Characters. */
const longestAddition = 400;
/** An answer of so few words says nothing without its question. */
const fewWords = 4;
/** Of a reply that was rejected, its end is kept: what it came to stands there. Characters. */
const rejectedEnd = 160;
/** From which probability a word is believed: a request put to another by mistake costs more than an addition left where it is. */
const sureEnough: Readonly<Record<GatherWord, number>> = { adds: 0.45, rejects: 0.35, says: 0.25, changes: 0, asks: 0 };
/** Older messages are left as they stand: what was said ten messages ago is no longer the request. */
const mostMessages = 24;

/**
 * Small models answer the last message, not the talk: told one more fact they repeat the fact. So what a person adds to a
 * request, to a question of ours or by themselves, is put before the request, as if it had been said at once, and the
 * replies that were given without it are left out; so is a reply that they reject, but for what it came to. Models that
 * judge in words read conversations well enough: null.
 */
export const gather =
  (context: Context): NonNullable<Ports["gather"]> =>
  async (input): Promise<Gathered | null> => {
    if (!prefersScored(context.capabilities)) return null;
    return paid(context, input, { purpose: "gather", work: "scoring", promptVersion: gatherVersion }, (info) =>
      gathered(input.history, (request, reply, then) => reads(info, request, reply, then)),
    );
  };

/** What a message does to the request before it. */
type Reads = (request: string, reply: string, then: string) => Promise<GatherWord>;

/** Walks the conversation once, oldest first. */
export async function gathered(
  history: History,
  reads: Reads,
): Promise<{ history: History; moved: number; declined: boolean }> {
  const early = Math.max(0, history.length - mostMessages);
  const out: Message[] = history.slice(0, early);
  let request: Request | null = null;
  let moved = 0;
  let declined = false;
  for (const message of history.slice(early)) {
    const reply = out.at(-1);
    if (message.role === "assistant") {
      out.push(message);
      continue;
    }
    const does =
      request && reply?.role === "assistant" ? await doing(whole(request), reply.text, message.text) : "asks";
    declined = does === "says";
    const addition = request && reply ? additionOf(does, reply.text, message.text) : null;
    if (request === null || addition === null) {
      request = { at: out.length, text: message.text, additions: [] };
      out.push(message);
      continue;
    }
    if (addition !== "") request.additions.push(addition);
    out.splice(request.at, out.length, { role: "user", text: whole(request) });
    moved += 1;
  }
  return { history: out, moved, declined };

  async function doing(request: string, reply: string, then: string): Promise<GatherWord> {
    if (/[?？]/.test(then)) return "asks";
    const answers = onlyAsks(reply);
    if (then.length > longestAddition) return answers ? "adds" : "asks";
    const does = await reads(request, reply, then);
    // Whatever answers a mere question adds to the request, unless it says that there is nothing to add.
    if (answers) return does === "says" ? does : "adds";
    return does === "says" ? "asks" : does;
  }
}

interface Request {
  /** Where it stands in the gathered history. */
  readonly at: number;
  readonly text: string;
  readonly additions: string[];
}

/** What was added stands before the request: a request is read best when it comes last. */
const whole = ({ text, additions }: Request): string => [...additions, text].join("\n");

/** What is put to the request, "" where the message says nothing more; null where it stands on its own. */
function additionOf(does: GatherWord, reply: string, then: string): string | null {
  if (does === "says") return "";
  if (does === "rejects") return `(Not right: "${line(reply, reply.length).slice(-rejectedEnd).trim()}")`;
  if (does !== "adds") return null;
  const bare = onlyAsks(reply) && then.trim().split(/\s+/).length <= fewWords;
  return bare ? `${reply.trim()} ${then.trim()}` : then.trim();
}

/** A reply that is nothing but a question. */
export function onlyAsks(reply: string): boolean {
  const text = reply.trim();
  return text.length <= 300 && /[?？]$/.test(text) && !/[.!。:\n]\s/.test(text);
}

/** Readings do not change: a conversation is walked again at each of its turns, and in each imagined future. */
const known = new Map<string, GatherWord>();
const mostKnown = 2_000;

/** The likeliest of the five where the model is sure enough; else "asks", which leaves everything as it stands. Throws ModelError. */
async function reads(info: CallInfo, request: string, reply: string, then: string): Promise<GatherWord> {
  const prompt = gatherPrompt(request, reply, then);
  const key = `${info.endpoint.baseURL} ${info.model} ${prompt}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const result = await complete({ ...info, prompt, maxTokens: 1, temperature: 0, logprobs: alternatives });
  const chances = gatherWords.map((word) => ({ word, chance: probabilityOf(result.tokens[0]?.top ?? [], word) }));
  const best = chances.reduce((most, one) => (one.chance > most.chance ? one : most));
  const verdict = best.chance >= sureEnough[best.word] ? best.word : "asks";
  if (known.size >= mostKnown) known.clear();
  known.set(key, verdict);
  return verdict;
}
