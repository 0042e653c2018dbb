import { describe, expect, test } from "vitest";
import { namedScenario } from "../../e2e/endpoint/scenario.ts";
import { startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import type { History } from "../engine/ports.ts";
import { gathered, onlyAsks } from "./gather.ts";
import { connect } from "./models.ts";
import type { GatherWord } from "./prompts/gather.ts";

const talk = (...texts: string[]): History =>
  texts.map((text, at) => ({ role: at % 2 === 0 ? "user" : "assistant", text }));
const says =
  (told: Record<string, GatherWord> = {}) =>
  (_request: string, _reply: string, message: string) =>
    Promise.resolve(told[message] ?? "asks");

describe("what was added stands with its request", () => {
  test("an answer to a mere question, whatever it is taken for; a short one keeps its question", async () => {
    const history = talk(
      "How much does the fence cost?",
      "How long is it?",
      "It is 40 metres long and one metre high.",
    );
    for (const word of ["adds", "changes", "asks", "rejects"] as const)
      expect(await gathered(history, () => Promise.resolve(word))).toEqual({
        history: talk("It is 40 metres long and one metre high.\nHow much does the fence cost?"),
        moved: 1,
        declined: false,
      });
    const brief = await gathered(talk("Suggest a present.", "For whom is it?", "my nephew"), says());
    expect(brief.history).toEqual(talk("For whom is it? my nephew\nSuggest a present."));
  });

  test("details that come one by one gather before the request, and replies made without them go", async () => {
    const history = talk("How many are left?", "There are 12.", "Nine were baked.", "There are 9.", "Two were sold.");
    const { history: read, moved } = await gathered(
      history,
      says({ "Nine were baked.": "adds", "Two were sold.": "adds" }),
    );
    expect(read).toEqual(talk("Nine were baked.\nTwo were sold.\nHow many are left?"));
    expect(moved).toBe(2);
  });

  test("who has nothing to add is asked no more, until they say something else", async () => {
    const declines = talk("Find a film.", "What do you like?", "I don't know.");
    const told = says({ "I don't know.": "says" });
    expect(await gathered(declines, told)).toEqual({ history: talk("Find a film."), moved: 1, declined: true });
    const later = [...declines, ...talk("Find a film.", "Try Amélie.", "Who made it?").slice(1)];
    expect(await gathered(later, told)).toMatchObject({ moved: 1, declined: false });
    // After a reply that asked nothing it is only politeness.
    const polite = talk("Find a film.", "Try Amélie.", "I don't know.");
    expect(await gathered(polite, told)).toEqual({ history: polite, moved: 0, declined: false });
  });

  test("a reply that is rejected goes, and what it came to stays", async () => {
    const history = talk("How many are left?", `${"So we count. ".repeat(30)}That is 12.`, "That is wrong.");
    const { history: read } = await gathered(history, says({ "That is wrong.": "rejects" }));
    expect(read).toHaveLength(1);
    expect(read[0]?.text).toMatch(/^\(Not right: ".{0,160}That is 12\."\)\nHow many are left\?$/);
  });

  test("a question, a change or a new request stays where it is, with the reply that it is about", async () => {
    const history = talk(
      "Write a poem.",
      "Leaves fall.",
      "Make it longer.",
      "Leaves fall, and fall.",
      "Who wrote that?",
    );
    const kept = await gathered(history, says({ "Make it longer.": "changes", "Who wrote that?": "adds" }));
    expect(kept).toEqual({ history, moved: 0, declined: false });
    const later = talk("Who wrote Emma?", "Jane Austen.", "Suggest a present.", "For whom?", "My mother.");
    expect((await gathered(later, says())).history).toEqual(
      talk("Who wrote Emma?", "Jane Austen.", "For whom? My mother.\nSuggest a present."),
    );
  });

  test("the conversation ends with a user's message whatever happens, and an empty one is left alone", async () => {
    expect(await gathered([], says())).toEqual({ history: [], moved: 0, declined: false });
    const long = Array.from({ length: 61 }, (_, at) => (at % 2 === 0 ? `Said ${at}.` : "Noted."));
    const { history, moved } = await gathered(talk(...long), () => Promise.resolve("adds"));
    expect(history.at(-1)?.role).toBe("user");
    // The old ones are left as they stand.
    expect(history.slice(0, 30)).toEqual(talk(...long.slice(0, 30)));
    expect(moved).toBeGreaterThan(5);
  });

  test("what is nothing but a question", () => {
    expect(onlyAsks("Which city, and when?")).toBe(true);
    expect(onlyAsks("Here is a draft. Which city?")).toBe(false);
    expect(onlyAsks("Paris: shall I go on?")).toBe(false);
    expect(onlyAsks("Paris.")).toBe(false);
  });
});

test("over HTTP: read once a message, kept for later turns; a model that judges in words is not asked", async () => {
  const double = await startScriptedEndpoint({ scenario: namedScenario("journeys-scored") });
  const call = { seed: 3, signal: new AbortController().signal, priority: "foreground" as const };
  const { gather } = (await connect({ baseURL: double.url }, call.signal)).ports();
  const history = talk("Write a poem", "Leaves fall.", "It is for a birthday of my aunt.");
  const first = await gather?.({ history, ...call });
  expect(first).toMatchObject({ moved: 1, cost: { calls: { generating: 0, scoring: 1 } } });
  expect(first?.history).toEqual(talk("It is for a birthday of my aunt.\nWrite a poem"));
  const again = await gather?.({ history, ...call });
  expect(again).toMatchObject({ moved: 1, cost: { calls: { scoring: 0 } } });
  expect((await gather?.({ history: talk("Write a poem", "Leaves fall.", "Thanks a lot."), ...call }))?.moved).toBe(0);
  const declined = talk("Write a poem", "What is it about?", "I don't know.");
  expect(await gather?.({ history: declined, ...call })).toMatchObject({ moved: 1, declined: true });
  await double.close();

  const able = await startScriptedEndpoint({ scenario: namedScenario("journeys-json") });
  const other = (await connect({ baseURL: able.url }, call.signal)).ports();
  expect(await other.gather?.({ history, ...call })).toBeNull();
  await able.close();
});
