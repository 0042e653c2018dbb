import { asksForMore } from "./asking.ts";
import { isRight, statedAnswer } from "./check.ts";
import type { TalkItem } from "./form.ts";
import { contentWords } from "./words.ts";

/**
 * The user of kind 2: a program, so that every policy meets the same person, and one that shares nothing with the
 * user whom the engine imagines. It tells one fact at a time and judges attempts exactly.
 */
export type Person = {
  /** Facts not told yet, in their order. */
  untold: readonly string[];
  /** Wrong attempts made after every fact had been told. */
  lateWrong: number;
  attempts: number;
  /** Attempts made while facts were still untold. */
  early: number;
  /** Questions that brought no new fact. */
  empty: number;
  /** Facts given to a question. */
  given: number;
};

export type Reaction = { done: true; solved: boolean; person: Person } | { done: false; says: string; person: Person };

export const ALL_TOLD = "That is all I know.";
export const NOT_RIGHT = "That does not look right.";

export const meetPerson = (item: TalkItem): Person => ({
  untold: item.facts,
  lateWrong: 0,
  attempts: 0,
  early: 0,
  empty: 0,
  given: 0,
});

/** How the person answers one reply of the assistant. */
export function react(person: Person, item: TalkItem, reply: string): Reaction {
  const stated = statedAnswer(reply, item);
  if (stated !== null) return judgeAttempt(person, item, stated);
  const { fact, rest } = nextFact(person.untold, reply);
  if (fact === null) {
    const empty = person.empty + (asksForMore(reply) ? 1 : 0);
    return { done: false, says: ALL_TOLD, person: { ...person, empty } };
  }
  return { done: false, says: fact, person: { ...person, untold: rest, given: person.given + 1 } };
}

function judgeAttempt(person: Person, item: TalkItem, stated: string): Reaction {
  const early = person.early + (person.untold.length > 0 ? 1 : 0);
  const tried = { ...person, attempts: person.attempts + 1, early };
  if (isRight(stated, item)) return { done: true, solved: true, person: tried };
  const [fact, ...rest] = person.untold;
  if (fact !== undefined) return { done: false, says: fact, person: { ...tried, untold: rest } };
  const late = { ...tried, lateWrong: tried.lateWrong + 1 };
  if (late.lateWrong >= 2) return { done: true, solved: false, person: late };
  return { done: false, says: NOT_RIGHT, person: late };
}

/** The untold fact that shares most content words with the question, else the next one; null when none is left. */
function nextFact(untold: readonly string[], question: string): { fact: string | null; rest: readonly string[] } {
  const asked = contentWords(question);
  const shared = (fact: string) => [...contentWords(fact)].filter((word) => asked.has(word)).length;
  const best = untold.reduce(
    (leader, fact, index) => (shared(fact) > shared(untold[leader] ?? "") ? index : leader),
    0,
  );
  const fact = untold[best];
  if (fact === undefined) return { fact: null, rest: [] };
  return { fact, rest: untold.filter((_, index) => index !== best) };
}
