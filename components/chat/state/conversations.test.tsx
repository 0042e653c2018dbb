import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createConversations } from "./conversations.ts";

const server = vi.fn<(path: string, init?: RequestInit) => Promise<Response>>();
beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
});
afterEach(() => vi.unstubAllGlobals());

test("a list that is the same as before, but is there, ends what was said of its absence", async () => {
  const conversations = createConversations();
  const list = { conversations: [{ id: "c", title: "Letter", updatedAt: "2026-01-01", pinned: false }] };
  server.mockImplementation(async () => Response.json(list));
  await conversations.refresh();
  server.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await conversations.refresh();
  const before = conversations.store.get();
  expect(before.problem).not.toBeNull();
  await conversations.look();
  expect(conversations.store.get()).toEqual({ ...before, problem: null });
  expect(conversations.store.get().list).toBe(before.list);
});
