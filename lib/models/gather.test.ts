import { describe, expect, test } from "vitest";
import { namedScenario } from "../../e2e/endpoint/scenario.ts";
import { startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import type { History } from "../engine/ports.ts";
import { gathered, onlyAsks } from "./gather.ts";
import { connect } from "./models.ts";

const talk = (...texts: string[]): History =>
  texts.map((text, at) => ({ role: at % 2 === 0 ? "user" : "assistant", text }));
const never = () => Promise.reject(new Error("words alone tell this"));
const adds =
  (...texts: string[]) =>
  (_request: string, _reply: string, then: string) =>
    Promise.resolve(texts.includes(then));

describe("what was added stands with its request", () => {
  test("an answer to a mere question, without a look; a short one keeps its question", async () => {
    const history = talk(
      "How much does the fence cost?",
      "How long is it?",
      "It is 40 metres long and one metre high.",
    );
    expect(await gathered(history, never)).toEqual({
      history: talk("It is 40 metres long and one metre high.\nHow much does the fence cost?"),
      moved: 1,
    });
    const brief = await gathered(talk("Suggest a present.", "For whom is it?", "my nephew"), never);
    expect(brief.history).toEqual(talk("For whom is it? my nephew\nSuggest a present."));
  });

  test("details that come one by one gather before the request, and replies made without them go", async () => {
    const history = talk("How many are left?", "There are 12.", "Nine were baked.", "There are 9.", "Two were sold.");
    const { history: read, moved } = await gathered(history, adds("Nine were baked.", "Two were sold."));
    expect(read).toEqual(talk("Nine were baked.\nTwo were sold.\nHow many are left?"));
    expect(moved).toBe(2);
  });

  test("a question, a change or a new request stays where it is, with the reply that it is about", async () => {
    const history = talk(
      "Write a poem.",
      "Leaves fall.",
      "Make it longer.",
      "Leaves fall, and fall.",
      "Who wrote that?",
    );
    expect(await gathered(history, adds())).toEqual({ history, moved: 0 });
    const later = talk("Who wrote Emma?", "Jane Austen.", "Suggest a present.", "For whom?", "My mother.");
    expect((await gathered(later, adds())).history).toEqual(
      talk("Who wrote Emma?", "Jane Austen.", "For whom? My mother.\nSuggest a present."),
    );
  });

  test("the conversation ends with a user's message whatever happens, and an empty one is left alone", async () => {
    expect(await gathered([], never)).toEqual({ history: [], moved: 0 });
    const long = Array.from({ length: 61 }, (_, at) => (at % 2 === 0 ? `Said ${at}.` : "Noted."));
    const { history, moved } = await gathered(talk(...long), () => Promise.resolve(true));
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
  await double.close();

  const able = await startScriptedEndpoint({ scenario: namedScenario("journeys-json") });
  const other = (await connect({ baseURL: able.url }, call.signal)).ports();
  expect(await other.gather?.({ history, ...call })).toBeNull();
  await able.close();
});
