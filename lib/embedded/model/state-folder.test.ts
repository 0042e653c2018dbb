import { existsSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { openStateFolder } from "./state-folder.ts";

vi.mock("node:fs", async (actual) => {
  const fs = await actual<typeof import("node:fs")>();
  return {
    ...fs,
    readdirSync: () => ["parley-model-0-1"],
    rmSync: (path: string, options: object) => {
      if (path.endsWith("parley-model-0-1")) throw Object.assign(new Error("not permitted"), { code: "EPERM" });
      fs.rmSync(path, options);
    },
  };
});

test("states that another user's killed server left are no reason not to start", () => {
  const folder = openStateFolder(0);
  expect(existsSync(folder.path)).toBe(true);
  folder.close();
  expect(existsSync(folder.path)).toBe(false);
});
