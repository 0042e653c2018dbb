import { expect, test, vi } from "vitest";
import { closeRun } from "./close.ts";
import { reap } from "./reaper.ts";

vi.mock("../store/runs.ts", () => ({
  listSilent: async () => [{ id: "broken" }, { id: "left" }],
  readRun: async (id: string) => ({ id }),
}));
vi.mock("../store/events.ts", () => ({ readJournal: async () => [] }));
vi.mock("./close.ts", () => ({ closeRun: vi.fn() }));

test("a run that cannot be ended keeps no other from it", async () => {
  vi.mocked(closeRun).mockRejectedValueOnce(new Error("too large")).mockResolvedValue(true);
  await expect(reap()).rejects.toThrow("1 could not be ended");
  expect(vi.mocked(closeRun).mock.calls.map(([{ run }]) => run.id)).toEqual(["broken", "left"]);
});
