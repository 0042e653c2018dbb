import type { Gathered, History, Message, Ports } from "../engine/ports.ts";
import type { CallInfo } from "./call.ts";
import { complete } from "./completions.ts";
import { prefersScored } from "./makers.ts";
import { probabilityOf } from "./probability.ts";
import { gatherPrompt, gatherVersion, gatherWords } from "./prompts/gather.ts";
import { type Context, paid } from "./served.ts";

/** A message that puts a question, or is longer than this, is never a mere addition. Characters. */
const longestAddition = 400;
/** P("adds") from which a message is put to the request before it. */
const sureEnough = 0.5;
/** An answer of so few words says nothing without its question. */
const fewWords = 4;
/** Older messages are left as they stand: what was said ten messages ago is no longer the request. */
const mostMessages = 24;

/**
 * Small models answer the last message, not the talk: told one more fact they repeat the fact. So what a person adds to a
 * request, to a question of ours or by themselves, is put before the request, as if it had been said at once, and the
 * replies that were given without it are left out. Models that judge in words read conversations well enough: null.
 */
export const gather =
  (context: Context): NonNullable<Ports["gather"]> =>
  async (input): Promise<Gathered | null> => {
    if (!prefersScored(context.capabilities)) return null;
    return paid(context, input, { purpose: "gather", work: "scoring", promptVersion: gatherVersion }, (info) =>
      gathered(input.history, (request, reply, then) => reads(info, request, reply, then)),
    );
  };

type Reads = (request: string, reply: string, then: string) => Promise<boolean>;

/** Walks the conversation once. `reads` tells whether a message adds to the request; it is asked where words alone do not tell. */
export async function gathered(history: History, reads: Reads): Promise<{ history: History; moved: number }> {
  const early = Math.max(0, history.length - mostMessages);
  const out: Message[] = history.slice(0, early);
  let request: { at: number; text: string; additions: string[] } | null = null;
  let moved = 0;
  for (const message of history.slice(early)) {
    const reply = out.at(-1);
    if (message.role === "assistant") out.push(message);
    else if (
      request !== null &&
      reply?.role === "assistant" &&
      (await belongs(whole(request), reply.text, message.text))
    ) {
      request.additions.push(added(reply.text, message.text));
      out.splice(request.at, out.length, { role: "user", text: whole(request) });
      moved += 1;
    } else {
      request = { at: out.length, text: message.text, additions: [] };
      out.push(message);
    }
  }
  return { history: out, moved };

  async function belongs(request: string, reply: string, then: string): Promise<boolean> {
    if (/[?？]/.test(then)) return false;
    if (onlyAsks(reply)) return true;
    return then.length <= longestAddition && reads(request, reply, then);
  }
}

/** What was added stands before the request: a request is read best when it comes last. */
const whole = ({ text, additions }: { text: string; additions: readonly string[] }): string =>
  [...additions, text].join("\n");

/** An answer of a few words needs its question. */
const added = (reply: string, then: string): string =>
  onlyAsks(reply) && then.trim().split(/\s+/).length <= fewWords ? `${reply.trim()} ${then.trim()}` : then.trim();

/** A reply that is nothing but a question. */
export function onlyAsks(reply: string): boolean {
  const text = reply.trim();
  return text.length <= 300 && /[?？]$/.test(text) && !/[.!。:\n]\s/.test(text);
}

/** Readings do not change: a conversation is walked again at each of its turns, and in each imagined future. */
const known = new Map<string, boolean>();
const mostKnown = 2_000;

async function reads(info: CallInfo, request: string, reply: string, then: string): Promise<boolean> {
  const prompt = gatherPrompt(request, reply, then);
  const key = `${info.endpoint.baseURL} ${info.model} ${prompt}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const result = await complete({ ...info, prompt, maxTokens: 1, temperature: 0, logprobs: 20 });
  const [adds, changes, asks] = gatherWords.map((word) => probabilityOf(result.tokens[0]?.top ?? [], word));
  const said = (adds ?? 0) + (changes ?? 0) + (asks ?? 0);
  const verdict = said > 0.01 && (adds ?? 0) / said > sureEnough;
  if (known.size >= mostKnown) known.clear();
  known.set(key, verdict);
  return verdict;
}
