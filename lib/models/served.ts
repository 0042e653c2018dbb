import { type Call, type Cost, type History, type Message, type Paid, PortFailure } from "../engine/ports.ts";
import type { CallInfo } from "./call.ts";
import { type Capabilities, isSlow } from "./capabilities.ts";
import { frameTokens, trimToFit } from "./context.ts";
import type { Endpoint } from "./endpoint.ts";
import { toModelError } from "./errors.ts";
import { type CallLog, estimateTokens } from "./log.ts";
import { clip } from "./text.ts";

/** A model that can be called: where it is and what it can do. */
export interface Served {
  readonly endpoint: Endpoint;
  readonly capabilities: Capabilities;
}

/** What a port needs beside its input. */
export interface Context extends Served {
  /** Says in plain words what was left out on the way (history trimmed …); no message text. */
  readonly note: (note: string) => void;
}

/** Most tokens of a text, by what the model can afford (engine.md section 3, "Other defaults"). */
export const limits = (capabilities: Capabilities) => {
  const slow = isSlow(capabilities);
  const quarter = Math.floor(capabilities.contextLength / 4);
  return {
    reply: Math.min(slow ? 512 : 2048, quarter),
    question: Math.min(slow ? 64 : 160, quarter),
    user: Math.min(slow ? 24 : 48, quarter),
    imagined: Math.min(slow ? 48 : 160, quarter),
  };
};

/** A reasoning model thinks inside max_tokens; without room it would answer with silence. */
export const reasoningTokens = (capabilities: Capabilities): number => (capabilities.reasoning ? 2048 : 0);

/** Tokens of our own words around a history: system text, instruction, fences, readings. */
const ownTokens = 700;
const budgetOf = ({ contextLength }: Capabilities, answerTokens: number): number =>
  contextLength - answerTokens - Math.min(ownTokens, Math.floor(contextLength / 4));

const asChat = (history: History) => history.map((message) => ({ role: message.role, content: message.text }));

/** The history that fits beside our own words and an answer of `answerTokens`. Throws ModelError `message_too_long`. */
export function fitted(context: Context, history: History, answerTokens: number): History {
  const budget = budgetOf(context.capabilities, answerTokens);
  const { trimmed } = trimToFit(asChat(history), budget);
  if (trimmed > 0) context.note(`history trimmed: the oldest ${trimmed} of ${history.length} messages did not fit`);
  return history.slice(trimmed);
}

/** A judgement needs no more of a conversation than this many tokens leave; the model reads it again and again. */
const leastTokens = 400;

/**
 * The same for calls that only read: where even the last message does not fit, it is shortened in its middle. A message
 * that can be answered must not fail because the table has less room for it.
 */
export function shortened(context: Context, history: History, answerTokens: number): History {
  const budget = Math.max(leastTokens, budgetOf(context.capabilities, answerTokens));
  const last = history.at(-1);
  if (!last) return history;
  const tokens = estimateTokens(last.text) + frameTokens;
  if (tokens <= budget) return history.slice(trimToFit(asChat(history), budget).trimmed);
  const characters = Math.floor((last.text.length * (budget - 2 * frameTokens)) / tokens);
  return [{ role: last.role, text: clip(last.text, characters) }];
}

/** Adds up what the tries of one port call cost. */
export function costOf(calls: readonly CallLog[]): Cost {
  const sum = (of: (call: CallLog) => number): number => calls.reduce((total, call) => total + of(call), 0);
  return {
    calls: {
      generating: calls.filter((call) => call.work === "generating").length,
      scoring: calls.filter((call) => call.work === "scoring").length,
    },
    tokensIn: sum((call) => call.tokensIn),
    tokensCached: sum((call) => call.tokensCached),
    tokensOut: sum((call) => call.tokensOut),
    ms: sum((call) => call.ms),
  };
}

export interface Purpose {
  purpose: string;
  work: CallLog["work"];
  promptVersion: string;
}

/**
 * Runs one port call: `body` makes its model calls with the info it is given, and what they cost is added to its result.
 * Rejects with PortFailure, whose `cause` is a ModelError.
 */
export async function paid<T>(
  context: Context,
  call: Call,
  what: Purpose,
  body: (info: CallInfo) => Promise<T>,
): Promise<T & Paid> {
  const tries: CallLog[] = [];
  const info: CallInfo = {
    endpoint: context.endpoint,
    model: context.capabilities.model,
    ...what,
    // Servers differ in what they take: 31 bits are safe everywhere.
    seed: call.seed & 0x7fffffff,
    priority: call.priority,
    signal: call.signal,
    onCall: (log) => tries.push(log),
  };
  try {
    const value = await body(info);
    return { ...value, cost: costOf(tries), promptVersion: what.promptVersion, model: info.model };
  } catch (thrown) {
    const cause = toModelError(thrown);
    throw new PortFailure(cause.message, costOf(tries), { cause });
  }
}

/** Another seed for the n-th call of a port, so that samples differ and a replay repeats them. */
export const seedOf = (info: CallInfo, n: number): number => ((info.seed ?? 0) + n * 0x9e3779b1) & 0x7fffffff;

/** Tokens of a text: as counted by the endpoint, else estimated; never under 1. */
export const tokensOf = (usage: { tokensOut: number; estimated: boolean }, text: string): number =>
  Math.max(1, usage.estimated ? estimateTokens(text) : usage.tokensOut);

/** Joins the tries' user text for a simulated message: quotes and role names that models like to add are taken off. */
export const spoken = (text: string): string =>
  text
    .trim()
    .replace(/^(person|user|me)\s*:\s*/i, "")
    .replace(/^["“](.*)["”]$/s, "$1")
    .trim();

export const lastOf = (history: History, role: Message["role"]): Message | undefined =>
  history.findLast((message) => message.role === role);
