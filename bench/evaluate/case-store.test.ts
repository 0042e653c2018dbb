import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openCases, type RunKey } from "./case-store.ts";
import type { ChoiceCase } from "./cases.ts";
import { measure } from "./run-set.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-cases-"));
});
afterEach(() => rm(folder, { recursive: true }));

const key: RunKey = {
  set: "file:/some/where.jsonl",
  policy: "table",
  preset: "",
  model: "m",
  asked: "scored",
  seed: 1,
  versions: "v",
};
const one = (id: string): ChoiceCase => ({
  kind: 1,
  id,
  group: id,
  label: "ask",
  score: 0.5,
  asked: true,
  calls: 1,
  tokens: 2,
  seconds: 3,
});
const silent = { tick: () => {}, end: () => {} };

it("keeps cases between runs, and other words or seeds apart", () => {
  openCases(folder, key).put({ id: "a" }, one("a"));
  expect(openCases(folder, key).get({ id: "a" })).toEqual(one("a"));
  expect(openCases(folder, { ...key, versions: "w" }).get({ id: "a" })).toBeUndefined();
  expect(openCases(folder, { ...key, seed: 2 }).get({ id: "a" })).toBeUndefined();
});

it("measures an item anew whose text has changed under its id", () => {
  const store = openCases(folder, key);
  const item = { id: "a", label: "ask" };
  store.put(item, one("a"));
  const again = openCases(folder, key);
  expect(again.get({ ...item })).toEqual(one("a"));
  const relabelled = { ...item, label: "answer" };
  expect(again.get(relabelled)).toBeUndefined();
});

it("drops a line that a kill cut off, and writes on cleanly behind it", () => {
  const store = openCases(folder, key);
  store.put({ id: "a" }, one("a"));
  appendFileSync(store.path, '{"kind":1,"id":"b","gro');
  const again = openCases(folder, key);
  expect(again.get({ id: "b" })).toBeUndefined();
  again.put({ id: "c" }, one("c"));
  const last = openCases(folder, key);
  expect([last.get({ id: "a" })?.id, last.get({ id: "c" })?.id]).toEqual(["a", "c"]);
});

const items = ["a", "b", "c", "d", "e", "f", "g"].map((id) => ({ id }));
const calm = { stop: new AbortController().signal, mayBegin: () => true };

it("measures only what is missing and leaves an odd item to the next run", async () => {
  const store = openCases(folder, key);
  store.put({ id: "b" }, one("b"));
  const measured: string[] = [];
  const { failed } = await measure(items, store, 2, silent, calm, async ({ id }) => {
    await Promise.resolve();
    if (id === "d") throw new Error("too long");
    measured.push(id);
    return one(id);
  });
  expect(failed).toEqual(["d: too long"]);
  expect([...measured].sort()).toEqual(["a", "c", "e", "f", "g"]);
  const again: string[] = [];
  await measure(items, openCases(folder, key), 2, silent, calm, async ({ id }) => {
    again.push(id);
    return one(id);
  });
  expect(again).toEqual(["d"]);
});

it("ends when the endpoint is gone, and keeps what was done", async () => {
  const store = openCases(folder, key);
  const tried: string[] = [];
  const dying = measure(items, store, 1, silent, calm, async ({ id }) => {
    tried.push(id);
    if (id !== "a") throw new Error("the endpoint died");
    return one(id);
  });
  await expect(dying).rejects.toThrow("the endpoint died");
  expect(tried).toEqual(["a", "b", "c", "d"]);
  expect(openCases(folder, key).get({ id: "a" })?.id).toBe("a");
});

it("goes on when the items do not suit the endpoint, however many follow one another", async () => {
  const unsuited = Object.assign(new Error("too long"), { code: "message_too_long" });
  const { failed } = await measure(items, openCases(folder, key), 1, silent, calm, async ({ id }) => {
    if (id < "e") throw new Error("the model gave no reply", { cause: unsuited });
    return one(id);
  });
  expect(failed).toHaveLength(4);
});

it.each([
  ["one item after the other is refused", Array.from({ length: 30 }, (_, index) => ({ id: `${index}` })), 10],
  ["not one item could be measured", items, 7],
])("ends where %s", async (_, all, tries) => {
  const refused = Object.assign(new Error("no such model"), { code: "model_rejected" });
  let tried = 0;
  const ended = measure(all, openCases(folder, key), 1, silent, calm, async () => {
    tried += 1;
    throw refused;
  });
  await expect(ended).rejects.toThrow("no such model");
  expect(tried).toBe(tries);
});

it("ends at once when it is stopped", async () => {
  const stop = new AbortController();
  const tried: string[] = [];
  const stopped = measure(items, openCases(folder, key), 1, silent, { ...calm, stop: stop.signal }, async ({ id }) => {
    tried.push(id);
    stop.abort();
    throw new Error("stopped");
  });
  await expect(stopped).rejects.toThrow("stopped");
  expect(tried).toEqual(["a"]);
});

it("begins nothing more when its time is over, and still knows what it has", async () => {
  const store = openCases(folder, key);
  store.put({ id: "g" }, one("g"));
  let time = 3;
  const limits = { ...calm, mayBegin: () => time-- > 0 };
  const { failed } = await measure(items, store, 1, silent, limits, async ({ id }) => one(id));
  expect(failed).toEqual([]);
  expect(items.filter(({ id }) => store.get({ id })).map(({ id }) => id)).toEqual(["a", "b", "c", "g"]);
});
