import type { Act, History, Intent } from "../ports.ts";
import { askedSlots, guess, heard, type Instance } from "./slots.ts";

/**
 * The fixed text grammar of the `slots` world, so that the same world can be played by ports in this process or by an
 * HTTP endpoint that sees texts only. Slots count from 1, values from 0; words are separated by one space.
 *
 *   request     request <name>                     the user's first message; the name finds the instance
 *   answer      answer: s1v0 s2v1 …                every slot's guess
 *   assume      assume: s1v0 s2v1 …
 *   ask n       ask: s2? s1? …                     the n slots asked for
 *   hybrid      hybrid: s1v0 s2v1 … ask s2?        every slot's guess, and the one asked for
 *   intent      s1v0 s2v1 …                        the simulated user's goal
 *   user        user: s2v1 s1pass …                told or corrected values, `pass` where refused
 *   assistant   final: s1v0 s2v1 …                 the reply after the user has spoken
 *
 * An intent has at most four words, so the leak rule (runs of five) never fires by accident.
 */
export type Values = ReadonlyMap<number, number>;

const valuePattern = /\bs(\d+)v(\d+)\b/g;
const askedPattern = /\bs(\d+)\?/g;

/** Slot values named in a text, by slot from 0; a slot named twice keeps the last. */
export function valuesIn(text: string): Map<number, number> {
  const values = new Map<number, number>();
  for (const match of text.matchAll(valuePattern)) values.set(Number(match[1]) - 1, Number(match[2]));
  return values;
}

/** Slots asked for in a text, from 0. */
export function slotsAskedIn(text: string): number[] {
  return Array.from(text.matchAll(askedPattern), (match) => Number(match[1]) - 1);
}

export function formatValues(values: readonly number[]): string {
  return values.map((value, slot) => `s${slot + 1}v${value}`).join(" ");
}

/** The text of a candidate. @param id answer, assume, hybrid, or ask followed by a number */
export function candidateText(instance: Instance, id: string): string {
  const guesses = formatValues(instance.p.map(guess));
  const asked = askedSlots(instance, id)
    .map((slot) => `s${slot + 1}?`)
    .join(" ");
  if (id === "hybrid") return `hybrid: ${guesses} ask ${asked}`;
  return id.startsWith("ask") ? `ask: ${asked}` : `${id}: ${guesses}`;
}

/** Predicted length of a candidate in tokens: 300, 380, 40 + 20n, 230. */
export function candidateTokens(instance: Instance, id: string): number {
  if (id === "answer") return 300;
  if (id === "assume") return 380;
  return id === "hybrid" ? 230 : 40 + 20 * askedSlots(instance, id).length;
}

/** The joint values of all slots in the order of a counter whose last slot runs fastest, with their probability. */
export function* goals(instance: Instance): Generator<{ values: number[]; weight: number }> {
  const values = instance.p.map(() => 0);
  for (;;) {
    yield { values: [...values], weight: values.reduce((w, value, slot) => w * (instance.p[slot]?.[value] ?? 0), 1) };
    let slot = values.length - 1;
    while (slot >= 0) {
      values[slot] = (values[slot] ?? 0) + 1;
      if ((values[slot] ?? 0) < (instance.p[slot]?.length ?? 0)) break;
      values[slot] = 0;
      slot -= 1;
    }
    if (slot < 0) return;
  }
}

/** One of the values that are not the true one, by a uniform number. */
function otherValue(value: number, size: number, pick: number): number {
  const place = Math.floor(pick * (size - 1));
  return place >= value ? place + 1 : place;
}

/** The simulated user's words for an act, and their length: 12 tokens a told or corrected slot (a hybrid's corrections free). */
export function userReply(
  instance: Instance,
  intent: Pick<Intent, "text">,
  act: Extract<Act, { type: "reply" }>,
  hybrid: boolean,
): { text: string; tokens: number } {
  const wanted = valuesIn(intent.text);
  let tokens = 0;
  const said = act.facts.map(({ fact, does, pick }) => {
    if (does === "refuses") return `s${fact + 1}pass`;
    const corrects = does === "corrects" || does === "miscorrects";
    if (!(hybrid && corrects)) tokens += 12;
    const value = wanted.get(fact) ?? 0;
    const wrong = does === "misleads" || does === "miscorrects";
    return `s${fact + 1}v${wrong ? otherValue(value, instance.p[fact]?.length ?? 2, pick) : value}`;
  });
  return { text: `user: ${said.join(" ")}`.trimEnd(), tokens };
}

/**
 * The assistant's final reply: what it heard for slots it asked for (weighed against its prior, as people mis-speak),
 * what it was told for slots the user corrected, its guess elsewhere. `history` ends with the user's reply.
 */
export function assistantReply(instance: Instance, history: History): { text: string; tokens: number } {
  const said = valuesIn(history.at(-1)?.text ?? "");
  const asked = new Set(slotsAskedIn(history.at(-2)?.text ?? ""));
  const values = instance.p.map((p, slot) => {
    const value = said.get(slot);
    if (value === undefined) return guess(p);
    return asked.has(slot) ? heard(p, value, instance.wrong) : value;
  });
  return { text: `final: ${formatValues(values)}`, tokens: 300 };
}

/** F: how far the last reply meets the intent, before quality: all or nothing, or the share of slots. A mere question: 0. */
export function fulfilment(instance: Instance, history: History, intent: Pick<Intent, "text">): number {
  const last = history.at(-1);
  if (last === undefined || last.text.startsWith("ask:")) return 0;
  const given = valuesIn(last.text);
  const wanted = valuesIn(intent.text);
  let right = 0;
  for (const [slot, value] of wanted) if (given.get(slot) === value) right += 1;
  if (instance.partial) return right / Math.max(1, wanted.size);
  return right === wanted.size ? 1 : 0;
}
