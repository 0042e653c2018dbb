import { expect, vi } from "vitest";
import type { Backend, BatchPart, Likeliest } from "./backend.ts";
import { ApiError } from "./errors.ts";
import type { Job, JobListener } from "./job.ts";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Support for tests of the loop: a scheduler over a model that is a plain function. */
const end = 0;
export const lanes = 4;
/** The text after `state` in a world where it is a function of all that was read: a wrong state is a wrong text. */
const follows = (state: readonly number[]): number =>
  (state.reduce((sum, token, index) => (sum * 31 + token * (index + 7)) % 1_009, 5) % 97) + 1;

export interface FakeBackend extends Backend {
  hang: boolean;
  closed: boolean;
  readonly held: readonly (readonly number[])[];
}

/** On a disk that outlives every model. */
const files = new Map<string, number[]>();

/** Keeps lanes as lists of tokens and refuses whatever llama.cpp would refuse or do slowly. */
export function fakeBackend(): FakeBackend {
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

export interface Told {
  readonly texts: number[];
  scores: readonly (number | null)[];
  outcome: string;
}

export function run(job: Partial<Job>, hooks: Partial<JobListener> = {}) {
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

export function expected(prompt: readonly number[], count: number): number[] {
  const state = prompt.slice();
  return Array.from({ length: count }, () => {
    const token = follows(state);
    state.push(token);
    return token;
  });
}

export function expectedScores(prompt: readonly number[], last: number): (number | null)[] {
  return prompt.slice(Math.max(0, prompt.length - last)).map((token, index, shown) => {
    const position = prompt.length - shown.length + index;
    if (position === 0) return null;
    const best = follows(prompt.slice(0, position));
    return token === best ? -0.1 : -1 - ((token + best) % 50);
  });
}

export function open(options: Partial<SchedulerOptions> = {}) {
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

/** Plays on a clock of its own, each step `milliseconds` long; tells who took part in each, by the first token of its text. */
export function watchSteps(backend: FakeBackend, milliseconds: number) {
  let clock = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => clock);
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

export const beginnings = [
  Array.from({ length: 60 }, (_, index) => (index * 7) % 50),
  Array.from({ length: 60 }, (_, index) => (index < 40 ? (index * 7) % 50 : index)),
  Array.from({ length: 25 }, (_, index) => index + 3),
  [],
];

export const untilStep = async (steps: readonly unknown[], count: number): Promise<void> => {
  while (steps.length < count) await new Promise((resolve) => setImmediate(resolve));
};
