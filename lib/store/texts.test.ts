import { expect, test, vi } from "vitest";
import { addConversation, changeConversation } from "./conversations.ts";
import type { Database } from "./database.ts";
import { writeSettings } from "./viewers.ts";

const { written } = vi.hoisted(() => ({ written: [] as unknown[] }));
const table = vi.hoisted(() => {
  const write = async (call: unknown) => {
    written.push(call);
    return { count: 1 };
  };
  return { create: write, updateMany: write, upsert: write };
});
vi.mock("./client.ts", () => ({ database: () => ({ conversation: table, viewer: table }) }));

test("no text of a person goes to Postgres as Postgres refuses it", async () => {
  const db = { conversation: table } as unknown as Database;
  await addConversation(db, { id: "c", viewerId: "v", title: "a\0b", leafId: "m" });
  await changeConversation("v", "c", { title: "a\0b" });
  await writeSettings("v", { systemPrompt: "a\0b" });
  expect(written).toHaveLength(3);
  expect(JSON.stringify(written)).toContain("a\uFFFDb");
  expect(JSON.stringify(written)).not.toContain("\\u0000");
});
