import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Backend, BatchPart, Likeliest } from "./backend.ts";
import { ApiError } from "./errors.ts";
import type { Job, JobListener } from "./job.ts";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";

const end = 0;
const lanes = 4;
/** The text after `state` in a world where it is a function of all that was read: a wrong state is a wrong text. */
const follows = (state: readonly number[]): number =>
  (state.reduce((sum, token, index) => (sum * 31 + token * (index + 7)) % 1_009, 5) % 97) + 1;

interface FakeBackend extends Backend {
  hang: boolean;
  closed: boolean;
  readonly held: readonly (readonly number[])[];
}

/** On a disk that outlives every model. */
const files = new Map<string, number[]>();

/** Keeps lanes as lists of tokens and refuses whatever llama.cpp would refuse or do slowly. */
function fakeBackend(): FakeBackend {
  const held = Array.from({ length: lanes }, (): number[] => []);
  let rows: number[][] = [];
  const fake: FakeBackend = {
    hang: false,
    closed: false,
    held,
    lanes,
    contextTokens: 200,
    async decode(parts: readonly BatchPart[]) {
      if (fake.hang) await new Promise(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      rows = [];
      expect(parts.length).toBeGreaterThan(0);
      return parts.map((part, index) => {
        const before = parts[index - 1];
        if (before) expect(part.lane).toBeGreaterThan(before.lane);
        const lane = held[part.lane] ?? [];
        expect(part.position).toBe(lane.length);
        expect(part.tokens.length).toBeGreaterThan(0);
        return part.tokens.flatMap((token, place) => {
          lane.push(token);
          if (!part.wanted.includes(place)) return [];
          rows.push(lane.slice());
          return [rows.length - 1];
        });
      });
    },
    setThreads: () => undefined,
    createSampler: () => ({ sample: async (row) => follows(rows[row] ?? []), dispose: () => undefined }),
    async likeliest(row, asked): Promise<Likeliest> {
      const best = follows(rows[row] ?? []);
      const score = (token: number): number => (token === best ? -0.1 : -1 - ((token + best) % 50));
      return {
        tokens: [best, best + 1],
        logprobs: [-0.1, score(best + 1)],
        asked: asked === undefined ? null : score(asked),
      };
    },
    async save(lane, path) {
      files.set(path, (held[lane] ?? []).slice());
      return (held[lane] ?? []).length * 10;
    },
    async load(lane, path) {
      const found = files.get(path);
      if (!found) throw new Error(`no state at ${path}`);
      held[lane] = found.slice();
    },
    truncate(lane, length) {
      held[lane]?.splice(length);
    },
    async close() {
      fake.closed = true;
    },
  };
  return fake;
}

interface Told {
  readonly texts: number[];
  scores: readonly (number | null)[];
  outcome: string;
}

function run(job: Partial<Job>, hooks: Partial<JobListener> = {}) {
  const told: Told = { texts: [], scores: [], outcome: "" };
  const { promise, resolve } = Promise.withResolvers<Told>();
  const finish = (outcome: string): void => {
    expect(told.outcome).toBe("");
    told.outcome = outcome;
    resolve(told);
  };
  const whole: Job = {
    prompt: [1],
    priority: "background",
    mostTokens: 5,
    temperature: 1,
    topP: 1,
    topK: 0,
    minP: 0,
    seed: 1,
    grammar: null,
    alternatives: null,
    scored: 0,
    signal: new AbortController().signal,
    ...job,
    listener: {
      started: () => undefined,
      scores(scores) {
        told.scores = scores.map((score) => score?.logprob ?? null);
      },
      token(token) {
        told.texts.push(token);
        return true;
      },
      ended: finish,
      failed: (error) => finish(`failed: ${error instanceof ApiError ? error.code : error.message}`),
      ...hooks,
    },
  };
  return { job: whole, done: promise, told };
}

function expected(prompt: readonly number[], count: number): number[] {
  const state = prompt.slice();
  return Array.from({ length: count }, () => {
    const token = follows(state);
    state.push(token);
    return token;
  });
}

function expectedScores(prompt: readonly number[], last: number): (number | null)[] {
  return prompt.slice(Math.max(0, prompt.length - last)).map((token, index, shown) => {
    const position = prompt.length - shown.length + index;
    if (position === 0) return null;
    const best = follows(prompt.slice(0, position));
    return token === best ? -0.1 : -1 - ((token + best) % 50);
  });
}

function open(options: Partial<SchedulerOptions> = {}) {
  const backend = fakeBackend();
  const scheduler = createScheduler({
    backend,
    reopen: async () => fakeBackend(),
    cacheBytes: 20_000,
    isEnd: (token) => token === end,
    ...options,
  });
  return { backend, scheduler };
}

const beginnings = [
  Array.from({ length: 60 }, (_, index) => (index * 7) % 50),
  Array.from({ length: 60 }, (_, index) => (index < 40 ? (index * 7) % 50 : index)),
  Array.from({ length: 25 }, (_, index) => index + 3),
  [],
];

const request = fc.record({
  start: fc.nat(beginnings.length - 1),
  tail: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
  mostTokens: fc.constantFrom(0, 1, 2, 9),
  scored: fc.constantFrom(0, 0, 3, 256),
  foreground: fc.boolean(),
  abortAfter: fc.option(fc.nat(6), { freq: 4 }),
});

test("any mix of requests, priorities and aborts: each gets exactly the text it would get alone", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 24 }), async (requests) => {
      const { scheduler } = open();
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
});

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

/** Plays on a clock of its own, each step `milliseconds` long; tells who took part in each, by the first token of its text. */
function watchSteps(backend: FakeBackend, milliseconds: number) {
  let clock = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  onTestFinished(() => void vi.restoreAllMocks());
  const steps: { readonly firsts: readonly number[]; readonly at: number }[] = [];
  const { decode } = backend;
  backend.decode = async (parts) => {
    clock += milliseconds;
    const rows = await decode(parts);
    steps.push({ firsts: parts.map(({ lane }) => backend.held[lane]?.[0] ?? -1), at: clock });
    return rows;
  };
  return steps;
}

const untilStep = async (steps: readonly unknown[], count: number): Promise<void> => {
  while (steps.length < count) await new Promise((resolve) => setImmediate(resolve));
};

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

test("a stuck model: the affected are told, a new one takes over, the waiting are served", async () => {
  const errors: Error[] = [];
  const { backend, scheduler } = open({ stuckMs: 40, onStuck: (error) => errors.push(error) });
  backend.hang = true;
  const all = Array.from({ length: lanes + 2 }, (_, index) => run({ prompt: [index + 1, 2] }));
  scheduler.submit(all.map((one) => one.job));
  const outcomes = (await Promise.all(all.map((one) => one.done))).map((told) => told.outcome);
  expect(outcomes).toEqual([...Array(lanes).fill("failed: model_restarted"), "length", "length"]);
  expect(errors[0]?.message).toMatch(/no answer/);
  const next = run({ prompt: [5] });
  scheduler.submit([next.job]);
  expect((await next.done).texts).toEqual(expected([5], 5));
  await scheduler.close();
});

/** A text that is being written, and one with the same beginning: to let that in the first one's state is saved. */
async function hangingInAdmission() {
  const gate = Promise.withResolvers<void>();
  const fresh = fakeBackend();
  const { backend, scheduler } = open({ stuckMs: 40, reopen: async () => fresh });
  const { save, decode } = backend;
  let decodes = 0;
  backend.decode = (parts) => {
    decodes++;
    return decode(parts);
  };
  const first = run({ prompt: beginnings[0] ?? [], mostTokens: 100 });
  scheduler.submit([first.job]);
  while (first.told.texts.length < 3) await new Promise((resolve) => setImmediate(resolve));
  backend.save = async (lane, path) => {
    await gate.promise;
    return save(lane, path);
  };
  const second = run({ prompt: [...(beginnings[0] ?? []), 7] });
  const third = run({ prompt: [5], mostTokens: 90 });
  scheduler.submit([second.job, third.job]);
  return { scheduler, gate, fresh, first, second, third, decodes: () => decodes };
}

test("a hang while somebody is let in: it is told as well, and the next are served", async () => {
  const { scheduler, first, second, third } = await hangingInAdmission();
  expect((await first.done).outcome).toBe("failed: model_restarted");
  expect((await second.done).outcome).toBe("failed: model_restarted");
  expect((await third.done).texts).toEqual(expected([5], 90));
  await scheduler.close();
});

test("what hung and wakes up late touches nothing that has come after it", async () => {
  const { scheduler, gate, fresh, second, third, decodes } = await hangingInAdmission();
  await second.done;
  const before = decodes();
  let atOnce = 0;
  const { decode } = fresh;
  fresh.decode = async (parts) => {
    expect(++atOnce).toBe(1);
    const rows = await decode(parts);
    atOnce--;
    return rows;
  };
  while (third.told.texts.length < 3) await new Promise((resolve) => setImmediate(resolve));
  gate.resolve();
  expect((await third.done).texts).toEqual(expected([5], 90));
  expect(decodes()).toBe(before);
  await scheduler.close();
});

test("who was put aside in the middle of a text is told too: its sampler belongs to the model that got stuck", async () => {
  const { backend, scheduler } = open({ stuckMs: 40 });
  const background = Array.from({ length: lanes }, (_, index) => run({ prompt: [index + 1], mostTokens: 100 }));
  scheduler.submit(background.map((one) => one.job));
  while (background.some((one) => one.told.texts.length < 3)) await new Promise((resolve) => setImmediate(resolve));
  const person = run({ prompt: [9], priority: "foreground", mostTokens: 100 });
  scheduler.submit([person.job]);
  while (person.told.texts.length < 1) await new Promise((resolve) => setImmediate(resolve));
  backend.hang = true;
  for (const one of [...background, person]) expect((await one.done).outcome).toBe("failed: model_restarted");
  await scheduler.close();
});

test("where the model cannot be opened again: all are told, again and again, until it can", async () => {
  const errors: string[] = [];
  let failures = 2;
  const { backend, scheduler } = open({
    stuckMs: 20,
    onStuck: (error) => errors.push(error.message),
    async reopen() {
      if (failures-- > 0) throw new Error("no memory");
      return fakeBackend();
    },
  });
  backend.hang = true;
  const all = Array.from({ length: lanes + 2 }, (_, index) => run({ prompt: [index + 1, 2] }));
  scheduler.submit(all.map((one) => one.job));
  for (const one of all) expect((await one.done).outcome).toBe("failed: model_restarted");
  const meanwhile = run({ prompt: [5] });
  scheduler.submit([meanwhile.job]);
  expect((await meanwhile.done).outcome).toBe("failed: model_restarted");
  const next = run({ prompt: [5] });
  scheduler.submit([next.job]);
  expect((await next.done).texts).toEqual(expected([5], 5));
  expect(errors).toEqual([expect.stringMatching(/no answer/), "no memory", "no memory"]);
  await scheduler.close();
});

test("closing ends also while the model cannot be opened again", async () => {
  const { backend, scheduler } = open({ stuckMs: 20, reopen: () => Promise.reject(new Error("no memory")) });
  backend.hang = true;
  const only = run({});
  scheduler.submit([only.job]);
  await only.done;
  await scheduler.close();
  expect(backend.closed).toBe(false);
});

test("where the lanes of a failed model cannot be emptied it is opened anew", async () => {
  const { backend, scheduler } = open();
  const fail = (): never => {
    throw new Error("Eval has failed");
  };
  backend.decode = async () => fail();
  backend.truncate = (_, length) => (length === 0 ? fail() : undefined);
  const first = run({ prompt: [1, 2, 3] });
  scheduler.submit([first.job]);
  expect((await first.done).outcome).toBe("failed: model_restarted");
  const second = run({ prompt: [1, 2, 3] });
  scheduler.submit([second.job]);
  expect((await second.done).texts).toEqual(expected([1, 2, 3], 5));
  await scheduler.close();
});

test("a failing step: the affected are told, the lanes are emptied, the next are served", async () => {
  const { backend, scheduler } = open();
  const { decode } = backend;
  let failures = 1;
  backend.decode = async (parts) => {
    if (failures-- > 0) throw new Error("Eval has failed");
    return decode(parts);
  };
  const first = run({ prompt: [1, 2, 3] });
  scheduler.submit([first.job]);
  expect((await first.done).outcome).toBe("failed: model_restarted");
  const second = run({ prompt: [1, 2, 3] });
  scheduler.submit([second.job]);
  expect((await second.done).texts).toEqual(expected([1, 2, 3], 5));
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
