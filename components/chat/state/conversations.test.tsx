import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onChangeElsewhere } from "./channel.ts";
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

test("a new title is told to this page too, whose top bar and window title show it", async () => {
  const changed = vi.fn();
  const forget = onChangeElsewhere(changed);
  const conversations = createConversations();
  server.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await conversations.change("c", { title: "Letters" });
  expect(changed).not.toHaveBeenCalled();
  server.mockResolvedValueOnce(Response.json({}));
  await conversations.change("c", { title: "Letters" });
  expect(changed).toHaveBeenCalledExactlyOnceWith("c");
  forget();
});

test.each(["DELETE", "PATCH"])(
  "why a %s was refused is not wiped by the list that comes after it, but by the next thing one does",
  async (method) => {
    const conversations = createConversations();
    const list = { conversations: [{ id: "c", title: "Letter", updatedAt: "2026-01-01", pinned: false }] };
    const refusal = { error: { code: "limit", message: "Too many changes." } };
    server.mockImplementation(async (_, init) =>
      init?.method === method ? Response.json(refusal, { status: 429 }) : Response.json(list),
    );
    await conversations.refresh();
    conversations.remove("c");
    await conversations.commitDeletion();
    if (method === "PATCH") await conversations.change("c", { pinned: true });
    await conversations.refresh();
    await conversations.look();
    expect(conversations.store.get()).toMatchObject({ list: list.conversations, refused: "Too many changes." });
    server.mockImplementation(async () => Response.json(list));
    await conversations.change("c", { title: "Letters" });
    expect(conversations.store.get().refused).toBeNull();
  },
);

test("a deletion that happened is told to the other tabs, which show the conversation still; one taken back is not", async () => {
  const changed = vi.fn();
  const forget = onChangeElsewhere(changed);
  const conversations = createConversations();
  server.mockImplementation(async () =>
    Response.json({ conversations: [{ id: "c", title: "Letter", updatedAt: "2026-01-01", pinned: false }] }),
  );
  await conversations.refresh();
  conversations.remove("c");
  conversations.undo();
  await conversations.refresh();
  expect(changed).not.toHaveBeenCalled();
  conversations.remove("c");
  await conversations.commitDeletion();
  expect(changed).toHaveBeenCalledExactlyOnceWith("c");
  forget();
});
