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

const letter = { id: "c", title: "Letter", updatedAt: "2026-01-01", pinned: false };

test("of the answers to several searches the one to the last words counts, and an empty search ends it", async () => {
  const conversations = createConversations();
  const slow = Promise.withResolvers<Response>();
  server.mockReturnValueOnce(slow.promise);
  server.mockResolvedValueOnce(Response.json({ conversations: [letter] }));
  const first = conversations.search("let");
  await conversations.search("letter & more");
  expect(server.mock.calls[1]?.[0]).toBe("/api/search?words=letter%20%26%20more");
  slow.resolve(Response.json({ conversations: [] }));
  await first;
  expect(conversations.store.get().found).toEqual({ words: "letter & more", list: [letter] });
  await conversations.search("");
  expect(conversations.store.get().found).toBeNull();
});

test("what was found and is in no list is renamed, deleted and brought back like any other", async () => {
  const conversations = createConversations();
  server.mockImplementation(async (path) => Response.json({ conversations: path.includes("search") ? [letter] : [] }));
  await conversations.refresh();
  await conversations.search("letter");
  await conversations.change("c", { title: "Letters" });
  expect(conversations.store.get().found?.list).toEqual([{ ...letter, title: "Letters" }]);
  server.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await conversations.change("c", { pinned: true });
  expect(conversations.store.get().found?.list).toEqual([{ ...letter, title: "Letters" }]);
  conversations.remove("c");
  await conversations.search("letter");
  expect(conversations.store.get()).toMatchObject({ found: { list: [] }, deleted: { id: "c" } });
  conversations.undo();
  await vi.waitFor(() => expect(conversations.store.get().found?.list).toEqual([letter]));
});
