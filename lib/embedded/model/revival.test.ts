import { expect, test } from "vitest";
import { beginnings, expected, fakeBackend, lanes, open, run } from "./fake-model.ts";

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
