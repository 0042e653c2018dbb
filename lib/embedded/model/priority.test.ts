import { afterEach, expect, test, vi } from "vitest";
import { expected, lanes, open, run, untilStep, watchSteps } from "./fake-model.ts";

afterEach(() => void vi.restoreAllMocks());

test.each([
  ["lanes are free", 1],
  ["all lanes are the background's", lanes + 2],
])("a person's prompt is read from the next step on, where %s", async (_, others) => {
  const { backend, scheduler } = open({ cacheBytes: 0 });
  const steps = watchSteps(backend, 30);
  const background = Array.from({ length: others }, (__, index) =>
    run({ prompt: Array.from({ length: 90 }, () => index + 1), mostTokens: 60 }),
  );
  scheduler.submit(background.map((one) => one.job));
  for (const [index, after] of [1, 2, 9].entries()) {
    await untilStep(steps, after);
    const person = run({ prompt: [200 + index, 9], priority: "foreground", mostTokens: 2 });
    const before = steps.length;
    scheduler.submit([person.job]);
    await person.done;
    const reads = steps.findIndex(({ firsts }) => firsts.includes(200 + index));
    // The step that was running when it came may end first.
    expect(reads - before).toBeLessThanOrEqual(1);
  }
  await scheduler.close();
});

test.each([
  ["as many people as lanes came first", lanes],
  ["more people wait, one behind the other", lanes + 8],
])("the background is never silent for 2 s, where %s", async (_, people) => {
  const { backend, scheduler } = open({ mostQueued: 4_000 });
  const steps = watchSteps(backend, 60);
  const foreground = Array.from({ length: people }, (__, index) =>
    run({ prompt: [200 + index], priority: "foreground", mostTokens: 150 }),
  );
  scheduler.submit(foreground.map((one) => one.job));
  await untilStep(steps, 3);
  const began = steps.at(-1)?.at ?? 0;
  const background = run({ prompt: [100], mostTokens: 6 });
  scheduler.submit([background.job]);
  expect((await background.done).texts).toEqual(expected([100], 6));
  const heard = [began, ...steps.filter(({ firsts }) => firsts.includes(100)).map(({ at }) => at)];
  for (const [index, at] of heard.slice(1).entries()) expect(at - (heard[index] ?? 0)).toBeLessThan(2_000);
  for (const [index, one] of foreground.entries()) expect((await one.done).texts).toEqual(expected([200 + index], 150));
  await scheduler.close();
});

test("with a single lane too, and beside people whose texts are one token each", async () => {
  const { backend, scheduler } = open({ mostQueued: 4_000 });
  Object.assign(backend, { lanes: 1 });
  const steps = watchSteps(backend, 60);
  const people = Array.from({ length: 200 }, (_, index) =>
    run({ prompt: [200 + index], priority: "foreground", mostTokens: 1 }),
  );
  const background = run({ prompt: [100], mostTokens: 3 });
  scheduler.submit([background.job, ...people.map((one) => one.job)]);
  expect((await background.done).texts).toEqual(expected([100], 3));
  expect(steps.length).toBeLessThan(3 * 33);
  for (const [index, one] of people.entries()) expect((await one.done).texts).toEqual(expected([200 + index], 1));
  await scheduler.close();
});

test("a closed connection frees its slot within one step", async () => {
  const { backend, scheduler } = open();
  const steps = watchSteps(backend, 30);
  const stop = new AbortController();
  const dropped = Array.from({ length: lanes }, (_, index) =>
    run({ prompt: [100 + index], mostTokens: 150, signal: stop.signal }),
  );
  const next = run({ prompt: [200], mostTokens: 3 });
  scheduler.submit([...dropped, next].map((one) => one.job));
  await untilStep(steps, 5);
  const before = steps.length;
  stop.abort();
  await next.done;
  const [running, ...after] = steps.slice(before);
  expect(running?.firsts.length).toBeGreaterThan(0);
  for (const { firsts } of after) expect(firsts).toEqual([200]);
  await scheduler.close();
});
