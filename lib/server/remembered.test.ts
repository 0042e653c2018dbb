import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Capabilities } from "../models/capabilities.ts";
import { environment } from "./env.ts";
import { recall, remember } from "./remembered.ts";

const found = { model: "small", slots: 4, tokenMs: 80, notes: [] } as unknown as Capabilities;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-remembered-"));
  environment().dataFolder = folder;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what was found out about the embedded model", () => {
  it("is remembered for the same model, and for no other", () => {
    remember("one", [found]);
    expect(recall("one")).toEqual([found]);
    expect(recall("two")).toEqual([]);
  });

  it.each(["model_timeout", "rate_limited", "model_broken", "model_unreachable"])(
    "is asked again where a question met %s",
    (code) => {
      remember("one", [
        { ...found, notes: ["no_echo", `no_logprobs:${code}`] },
        { ...found, model: "other" },
      ]);
      expect(recall("one").map(({ model }) => model)).toEqual(["other"]);
      remember("one", [{ ...found, notes: ["no_echo", "no_logprobs:model_rejected"] }]);
      expect(recall("one")).toHaveLength(1);
    },
  );

  it("is never kept about a server of the user's own", () => {
    rmSync(join(folder, "capabilities.json"), { force: true });
    remember(undefined, [found]);
    expect(recall(undefined)).toEqual([]);
    expect(recall("one")).toEqual([]);
  });

  it("is asked again when the file is damaged or the folder is gone", () => {
    writeFileSync(join(folder, "capabilities.json"), "{");
    expect(recall("one")).toEqual([]);
    environment().dataFolder = join(folder, "gone");
    remember("one", [found]);
    expect(recall("one")).toEqual([]);
  });
});
