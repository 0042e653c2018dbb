import { expect, test, vi } from "vitest";
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

test("a word is written down before it is sent", async () => {
  const disk = storage();
  let arrive: () => void = () => undefined;
  const queue = createFeedbackQueue(() => new Promise((resolve) => (arrive = resolve)), disk);
  queue.add("m", { kind: "text", value: "Kept." });
  expect(disk.kept.get("parley.feedback")).toContain("Kept.");
  await vi.waitFor(() => {
    arrive();
    expect(queue.size()).toBe(0);
  });
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

test("two tabs with one storage lose nothing of each other, and send every word once", async () => {
  const disk = storage();
  const sent: Waiting["body"][] = [];
  let online = false;
  const deliver = async ({ body }: Waiting) => {
    if (!online) throw new Error("offline");
    sent.push(body);
  };
  const [one, other] = [createFeedbackQueue(deliver, disk), createFeedbackQueue(deliver, disk)];
  one.add("m", { kind: "thumb", value: "up" });
  other.add("n", { kind: "text", value: "Kept." });
  await Promise.all([one.flush(), other.flush()]);
  expect(createFeedbackQueue(deliver, disk).size()).toBe(2);

  online = true;
  await one.flush();
  await other.flush();
  expect(sent).toEqual([
    { kind: "thumb", value: "up" },
    { kind: "text", value: "Kept." },
  ]);
  expect(createFeedbackQueue(deliver, disk).size()).toBe(0);
});

test("a word written down before words had names is sent once", async () => {
  const old = [{ messageId: "m", body: { kind: "text", value: "Kept." } }];
  const deliver = vi.fn(async () => undefined);
  const queue = createFeedbackQueue(deliver, storage({ "parley.feedback": JSON.stringify(old) }));
  await queue.flush();
  expect(deliver).toHaveBeenCalledTimes(1);
  expect(queue.size()).toBe(0);
});
