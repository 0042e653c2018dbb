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

const key: RunKey = { set: "file:/some/where.jsonl", policy: "table", preset: "", model: "m", seed: 1, versions: "v" };
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
  openCases(folder, key).put(one("a"));
  expect(openCases(folder, key).get("a")).toEqual(one("a"));
  expect(openCases(folder, { ...key, versions: "w" }).get("a")).toBeUndefined();
  expect(openCases(folder, { ...key, seed: 2 }).get("a")).toBeUndefined();
});

it("drops a line that a kill cut off, and writes on cleanly behind it", () => {
  const store = openCases(folder, key);
  store.put(one("a"));
  appendFileSync(store.path, '{"kind":1,"id":"b","gro');
  const again = openCases(folder, key);
  expect(again.get("b")).toBeUndefined();
  again.put(one("c"));
  const last = openCases(folder, key);
  expect([last.get("a")?.id, last.get("c")?.id]).toEqual(["a", "c"]);
});

it("measures only what is missing, some at once, and keeps what was done when one fails", async () => {
  const items = ["a", "b", "c", "d", "e", "f"].map((id) => ({ id }));
  const store = openCases(folder, key);
  store.put(one("b"));
  const measured: string[] = [];
  const failing = measure(items, store, 2, silent, async ({ id }) => {
    await Promise.resolve();
    if (id === "d") throw new Error("the endpoint died");
    measured.push(id);
    return one(id);
  });
  await expect(failing).rejects.toThrow("the endpoint died");
  expect(measured).not.toContain("b");
  const before = measured.length;
  await measure(items, openCases(folder, key), 2, silent, async ({ id }) => {
    measured.push(id);
    return one(id);
  });
  expect(before).toBeLessThan(5);
  expect([...measured].sort()).toEqual(["a", "c", "d", "e", "f"]);
});
