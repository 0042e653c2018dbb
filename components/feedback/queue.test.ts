import { expect, test } from "vitest";
import { createFeedbackQueue, type Waiting } from "./queue.ts";

function storage(initial: Record<string, string> = {}) {
  const kept = new Map(Object.entries(initial));
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test("words are sent in order, and what could not be sent waits in storage for the next page", async () => {
  const disk = storage();
  const sent: Waiting[] = [];
  let online = false;
  const deliver = async (waiting: Waiting) => {
    if (!online) throw new Error("offline");
    sent.push(waiting);
  };
  const queue = createFeedbackQueue(deliver, disk);
  queue.add("m", { kind: "thumb", value: "up" });
  queue.add("m", { kind: "thumb", value: null });
  await queue.flush();
  expect(sent).toEqual([]);
  expect(queue.pending("m")).toEqual([
    { kind: "thumb", value: "up" },
    { kind: "thumb", value: null },
  ]);

  online = true;
  const next = createFeedbackQueue(deliver, disk);
  expect(next.size()).toBe(2);
  await next.flush();
  expect(sent.map((each) => each.body)).toEqual([
    { kind: "thumb", value: "up" },
    { kind: "thumb", value: null },
  ]);
  expect(next.size()).toBe(0);
  expect(createFeedbackQueue(deliver, disk).size()).toBe(0);
});

test("a word is written down before it is sent", () => {
  const disk = storage();
  const queue = createFeedbackQueue(() => new Promise(() => undefined), disk);
  queue.add("m", { kind: "text", value: "Kept." });
  expect(disk.kept.get("parley.feedback")).toContain("Kept.");
});

test("storage that holds nonsense, or that throws, is an empty queue", async () => {
  const sent: Waiting[] = [];
  const deliver = async (waiting: Waiting) => void sent.push(waiting);
  expect(createFeedbackQueue(deliver, storage({ "parley.feedback": "{" })).size()).toBe(0);
  const broken = {
    getItem: (): string | null => {
      throw new Error("denied");
    },
    setItem: (): void => {
      throw new Error("denied");
    },
  };
  const queue = createFeedbackQueue(deliver, broken);
  queue.add("m", { kind: "goal", value: "yes" });
  await queue.flush();
  expect(sent).toHaveLength(1);
});
