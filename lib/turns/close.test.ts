import { expect, test, vi } from "vitest";
import type { Chunk } from "./chunk.ts";
import { closeRun } from "./close.ts";
import { fold } from "./fold.ts";

const { transaction } = vi.hoisted(() => ({ transaction: vi.fn() }));
vi.mock("../store/database.ts", () => ({ transaction }));

test("a close that failed writes the whole end when it is tried again", async () => {
  const written: unknown[] = [];
  const db = {
    $queryRaw: async ({ values }: { values: unknown[] }) => {
      written.push(...values);
      return [{ answerNow: false }];
    },
    $executeRaw: async () => 1,
    message: { create: async () => ({}) },
  };
  transaction.mockRejectedValueOnce(new Error("the database is away"));
  transaction.mockImplementation((work: (given: typeof db) => unknown) => work(db));
  const said: Chunk[] = [
    { type: "start", messageId: "m" },
    { type: "text-start", id: "text" },
    { type: "text-delta", id: "text", delta: "Well" },
  ];
  const closing = {
    run: { id: "r", viewerId: "v", conversationId: "c", userMessageId: "u", messageId: "m" },
    state: "done" as const,
    error: null,
    seq: 3,
    rest: [],
    folded: fold(said),
    record: null,
    usage: [],
  };
  await expect(closeRun(closing)).rejects.toThrow("away");
  expect(await closeRun(closing)).toBe(true);
  const journal = written.find((value) => typeof value === "string" && value.startsWith("["));
  expect(JSON.parse(String(journal)).map((chunk: Chunk) => chunk.type)).toEqual(["text-end", "finish"]);
});
