import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { beginnings, expected, expectedScores, lanes, open, run, watchSteps } from "./fake-model.ts";

afterEach(() => void vi.restoreAllMocks());

const request = fc.record({
  start: fc.nat(beginnings.length - 1),
  tail: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
  mostTokens: fc.constantFrom(0, 1, 2, 9),
  scored: fc.constantFrom(0, 0, 3, 256),
  foreground: fc.boolean(),
  abortAfter: fc.option(fc.nat(6), { freq: 4 }),
});

test.each([
  ["quick", 1],
  ["so slow that the background is often overdue", 400],
])(
  "any mix of requests, priorities and aborts: each gets exactly the text it would get alone; steps are %s",
  async (_, stepMs) => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 24 }), async (requests) => {
        const { backend, scheduler } = open();
        watchSteps(backend, stepMs);
        const all = requests.map(({ start, tail, mostTokens, scored, foreground, abortAfter }) => {
          const prompt = [...(beginnings[start] ?? []), ...tail];
          const stop = new AbortController();
          let left = abortAfter ?? Number.POSITIVE_INFINITY;
          const running = run(
            {
              prompt,
              mostTokens,
              scored,
              alternatives: scored > 0 ? 1 : null,
              priority: foreground ? "foreground" : "background",
              signal: stop.signal,
            },
            {
              token(token) {
                running.told.texts.push(token);
                if (left-- <= 0) stop.abort();
                return true;
              },
            },
          );
          return {
            ...running,
            prompt,
            mostTokens,
            scored,
            stop,
            aborts: abortAfter !== null && abortAfter < mostTokens - 1,
          };
        });
        scheduler.submit(all.map((one) => one.job));
        for (const one of all) {
          if (one.aborts) continue;
          const told = await one.done;
          expect(told.outcome).toBe("length");
          expect(told.texts).toEqual(expected(one.prompt, one.mostTokens));
          if (one.scored > 0) expect(told.scores).toEqual(expectedScores(one.prompt, one.scored));
        }
        while (scheduler.status().live + scheduler.status().queued > 0)
          await new Promise((resolve) => setTimeout(resolve, 1));
        await scheduler.close();
      }),
      { numRuns: 60 },
    );
  },
);

test("a shared beginning is read once", async () => {
  const { scheduler } = open();
  const all = [1, 2, 3, 4, 5, 6].map((tail) => run({ prompt: [...(beginnings[0] ?? []), tail], mostTokens: 1 }));
  scheduler.submit(all.map((one) => one.job));
  await Promise.all(all.map((one) => one.done));
  expect(scheduler.status().tokensRead).toBeLessThanOrEqual(60 + 6 * 3);
  await scheduler.close();
});

test("a person's request takes a lane from the background, which goes on afterwards with the same text", async () => {
  const { scheduler } = open();
  const background = Array.from({ length: 4 }, (_, index) => run({ prompt: [index + 1], mostTokens: 60 }));
  scheduler.submit(background.map((one) => one.job));
  while (background.some((one) => one.told.texts.length < 5)) await new Promise((resolve) => setImmediate(resolve));
  const person = run({ prompt: [9, 9], priority: "foreground", mostTokens: 4 });
  scheduler.submit([person.job]);
  expect((await person.done).texts).toEqual(expected([9, 9], 4));
  expect(background.some((one) => one.told.outcome === "")).toBe(true);
  for (const [index, one] of background.entries()) expect((await one.done).texts).toEqual(expected([index + 1], 60));
  await scheduler.close();
});

test("where no state can be saved every text is still the right one", async () => {
  const { backend, scheduler } = open();
  backend.save = async () => {
    throw new Error("no space left on device");
  };
  const prompts = [1, 2, 3, 4].map((tail) => [...(beginnings[0] ?? []), tail]);
  const all = prompts.map((prompt) => run({ prompt }));
  scheduler.submit(all.map((one) => one.job));
  for (const [index, one] of all.entries()) expect((await one.done).texts).toEqual(expected(prompts[index] ?? [], 5));
  await scheduler.close();
});

test("where saved states are lost every text is still the right one, and what is lost is not tried twice", async () => {
  const { backend, scheduler } = open();
  const history = beginnings[0] ?? [];
  const first = run({ prompt: [...history, 1] });
  scheduler.submit([first.job]);
  await first.done;
  const tried: string[] = [];
  backend.load = async (_, path) => {
    tried.push(path);
    throw new Error(`no state at ${path}`);
  };
  const other = run({ prompt: [9, 8, 7], mostTokens: 90 });
  scheduler.submit([other.job]);
  while (other.told.texts.length < 3) await new Promise((resolve) => setImmediate(resolve));
  for (const tail of [2, 3]) {
    const next = run({ prompt: [...history, tail], mostTokens: 1 });
    scheduler.submit([next.job]);
    expect((await next.done).texts).toEqual(expected([...history, tail], 1));
  }
  expect((await other.done).texts).toEqual(expected([9, 8, 7], 90));
  expect(tried.length).toBeGreaterThan(0);
  expect(new Set(tried).size).toBe(tried.length);
  await scheduler.close();
});

test("who was put aside and whose state is lost reads its text again, many tokens in a step", async () => {
  const { backend, scheduler } = open();
  const background = Array.from({ length: lanes }, (_, index) => run({ prompt: [index + 1], mostTokens: 60 }));
  scheduler.submit(background.map((one) => one.job));
  while (background.some((one) => one.told.texts.length < 20)) await new Promise((resolve) => setImmediate(resolve));
  backend.load = async (_, path) => {
    throw new Error(`no state at ${path}`);
  };
  const { steps } = scheduler.status();
  const person = run({ prompt: [9, 9], priority: "foreground", mostTokens: 4 });
  scheduler.submit([person.job]);
  await person.done;
  for (const [index, one] of background.entries()) expect((await one.done).texts).toEqual(expected([index + 1], 60));
  expect(scheduler.status().steps - steps).toBeLessThan(60);
  await scheduler.close();
});

test("a full queue is refused, and closing tells those who are left", async () => {
  const { scheduler } = open({ mostQueued: 6 });
  const all = Array.from({ length: 6 }, (_, index) => run({ prompt: [index + 1], mostTokens: 150 }));
  scheduler.submit(all.map((one) => one.job));
  expect(() => scheduler.submit([run({}).job])).toThrow(expect.objectContaining({ status: 429, retryAfterSeconds: 2 }));
  await scheduler.close();
  for (const one of all) expect((await one.done).outcome).toBe("failed: stopping");
  expect(() => scheduler.submit([run({}).job])).toThrow(expect.objectContaining({ status: 503 }));
});
