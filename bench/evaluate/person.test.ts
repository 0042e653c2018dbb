import { describe, expect, it } from "vitest";
import type { TalkItem } from "./form.ts";
import { ALL_TOLD, meetPerson, NOT_RIGHT, type Person, react } from "./person.ts";

const item: TalkItem = {
  id: "t",
  first: "How many marbles are left?",
  facts: ["There were 20 marbles in the jar.", "Nora lost three red marbles.", "Her uncle brought a bag of 5."],
  answer: "22",
  check: "number",
};

const run = (replies: string[], start: Person = meetPerson(item)) => {
  const said: string[] = [];
  let person = start;
  for (const reply of replies) {
    const reaction = react(person, item, reply);
    person = reaction.person;
    if (reaction.done) return { said, person, solved: reaction.solved };
    said.push(reaction.says);
  }
  return { said, person, solved: null };
};

describe("the person of kind 2", () => {
  it("gives the untold fact that shares most words with the question, then the next ones, then says so", () => {
    const { said, person } = run(["What did her uncle bring?", "Anything more?", "And the jar?", "More?"]);
    expect(said).toEqual([item.facts[2], item.facts[0], item.facts[1], ALL_TOLD]);
    expect(person).toMatchObject({ given: 3, empty: 1, attempts: 0 });
  });

  it("counts as a question that brought nothing only what asks", () => {
    const nothing = { ...item, facts: [] };
    expect(react(meetPerson(nothing), nothing, "Sure, go on.").person.empty).toBe(0);
    expect(react(meetPerson(nothing), nothing, "Please tell me more.").person.empty).toBe(1);
  });

  it("gives the first fact to a question that shares no word, and of equal ones the first", () => {
    expect(run(["Could you say more?"]).said).toEqual([item.facts[0]]);
    expect(run(["Tell me about the marbles?"]).said).toEqual([item.facts[0]]);
  });

  it("corrects a wrong attempt with the next fact, and once more in words when all is told", () => {
    const late = run(["The answer is 1.", "2.", "3.", "4.", "5."]);
    expect(late.said).toEqual([...item.facts, NOT_RIGHT]);
    expect(late).toMatchObject({ solved: false });
    expect(late.person).toMatchObject({ attempts: 5, early: 3, lateWrong: 2 });
  });

  it("ends at a right attempt, also an early one, which it counts", () => {
    expect(run(["The answer is 22."])).toMatchObject({ solved: true, said: [], person: { early: 1, attempts: 1 } });
  });

  it("allows a question after the last correction", () => {
    const talk = run(["1", "1", "1", "1", "What else?", "22"]);
    expect(talk.said.slice(3)).toEqual([NOT_RIGHT, ALL_TOLD]);
    expect(talk.solved).toBe(true);
  });
});
