import { afterEach, expect, test, vi } from "vitest";
import { decide } from "../../lib/engine/deliberate.ts";
import { balanced } from "../../lib/engine/policy.ts";
import type { Candidate, Ports } from "../../lib/engine/ports.ts";
import { goalsTurn, makeGoals, playGoals } from "../../lib/engine/worlds/goals.ts";
import { timed } from "./own.ts";

afterEach(() => vi.restoreAllMocks());

test("what each port takes is added up; waiting for drafts is not the world's time", async () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const world = playGoals(makeGoals(1));
  const spending = <Input, Answer>(ms: number, port: (input: Input) => Answer) => {
    return (input: Input): Answer => {
      now += ms;
      return port(input);
    };
  };
  const slow: Ports = {
    ...world,
    answer: spending(1, world.answer),
    clarity: spending(10, world.clarity),
    draft: spending(100, world.draft),
    async table(input) {
      await input.drafts;
      now += 1000;
      return world.table(input);
    },
    user: spending(10_000, world.user),
    judge: spending(100_000, world.judge),
  };
  const watch = { ms: 0 };
  const ports = timed(slow, watch);
  const call = { history: [{ role: "user" as const, text: "goal" }], seed: 1, signal: new AbortController().signal };
  const asked = { ...call, priority: "background" as const };
  const answer = await ports.answer({ ...asked, onText: () => {} });
  await ports.clarity(asked);
  await ports.draft({ ...asked, id: "ask1", kind: "ask", index: 1 });
  expect(watch.ms).toBe(111);
  let give: (drafts: readonly Candidate[]) => void = () => {};
  const drafts = new Promise<readonly Candidate[]>((resolve) => {
    give = resolve;
  });
  const reading = ports.table({ ...asked, drafts });
  now += 7;
  give([{ id: "answer", kind: "answer", ...answer }]);
  const table = await reading;
  expect(watch.ms).toBe(1111);
  const [intent] = table.intents;
  if (intent === undefined) throw new Error("no reading");
  await ports.user({ ...asked, intent, act: { type: "reply", facts: [], volunteers: false } });
  expect(watch.ms).toBe(11_111);
  const candidate = { id: "answer", kind: "answer" as const, ...answer };
  await ports.judge({ ...asked, intent, candidate, acts: [], outcome: "graded" });
  expect(watch.ms).toBe(111_111);
});

test("a turn comes out as it would untimed", async () => {
  const instance = makeGoals(3);
  const turn = goalsTurn(instance, balanced, 4);
  const watch = { ms: 0 };
  expect(await decide(turn, timed(playGoals(instance), watch))).toEqual(await decide(turn, playGoals(instance)));
  expect(watch.ms).toBeGreaterThan(0);
});
