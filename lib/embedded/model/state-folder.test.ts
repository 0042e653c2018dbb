import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openStateFolder, removeOrphans } from "./state-folder.ts";

const notOurs = "parley-model-0-1";
vi.mock("node:fs", async (actual) => {
  const fs = await actual<typeof import("node:fs")>();
  return {
    ...fs,
    readdirSync: (path: string) => [notOurs, ...fs.readdirSync(path)],
    rmSync(path: string, options: object) {
      if (path.endsWith(notOurs)) throw Object.assign(new Error("not permitted"), { code: "EPERM" });
      fs.rmSync(path, options);
    },
  };
});

test("a folder lives until it is closed, and a start beside it leaves it alone", () => {
  const folder = openStateFolder(0);
  removeOrphans();
  expect(existsSync(folder.path)).toBe(true);
  folder.close();
  expect(existsSync(folder.path)).toBe(false);
});

test("what killed servers left is removed wherever it is, but for another user's", () => {
  const parents = ["/dev/shm", tmpdir()].filter((parent) => existsSync(parent));
  const left = parents.map((parent) => join(parent, "parley-model-999999999-1"));
  for (const path of left) mkdirSync(path);
  removeOrphans();
  expect(left.filter((path) => existsSync(path))).toEqual([]);
});
