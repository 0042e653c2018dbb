import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readDraft, writeDraft } from "./drafts.ts";
import type { ParleyMessage } from "./message.ts";
import { createSession, type Session } from "./session.ts";

const server = vi.fn<(path: string, init?: RequestInit) => Promise<Response>>();
const offline = () => Promise.reject(new TypeError("Failed to fetch"));

beforeEach(() => {
  localStorage.clear();
  server.mockReset().mockImplementation(offline);
  vi.stubGlobal("fetch", server);
});
afterEach(() => vi.unstubAllGlobals());

const said = (id: string, role: ParleyMessage["role"], text: string, parentId: string | null): ParleyMessage => ({
  id,
  role,
  metadata: { parentId },
  parts: [{ type: "text", text }],
});

/** A conversation of one turn, as a page that has just come shows it. */
function page(conversationId: string | null = "c"): Session {
  const session = createSession(conversationId, () => undefined);
  if (conversationId !== null) {
    session.chat.messages = [said("u", "user", "Write a letter", null), said("a", "assistant", "Dear all", "u")];
  }
  return session;
}

/** The server takes whatever is sent and says no more than whose turn it is. */
const taken = () => {
  const run = { runId: "r", conversationId: "c", userMessageId: "u2", preset: "balanced", startedAt: "2026-01-01" };
  const chunks = [{ type: "start", messageId: "a2" }, { type: "data-run", id: "run", data: run }, { type: "finish" }];
  return Promise.resolve(new Response(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")));
};

test("an edit that could not be sent is in the field after a reload", async () => {
  const session = page();
  await session.edit("u", "Write a letter to my landlord");
  expect(session.store.get().unsent?.text).toBe("Write a letter to my landlord");
  page();
  expect(readDraft("c")).toBe("Write a letter to my landlord");
});

test("what is typed after a message that could not be sent does not take its place", async () => {
  const session = page();
  writeDraft("c", "First ");
  await session.send("First");
  expect(readDraft("c")).toBe("");
  writeDraft("c", "Second");
  page();
  expect(readDraft("c")).toBe("First\n\nSecond");
});

test("a message taken back is the draft again, with what stands in the field already", async () => {
  const session = page(null);
  await session.send("First");
  writeDraft(null, "Second");
  expect(session.takeBack()).toBe("First\n\nSecond");
  expect(readDraft(null)).toBe("First\n\nSecond");
  page(null);
  expect(readDraft(null)).toBe("First\n\nSecond");
});

test("once the server has a message nothing of it is left to bring back, and what was typed meanwhile is", async () => {
  const session = page(null);
  await session.send("First");
  writeDraft(null, "Second");
  server.mockImplementation(taken);
  await session.retry();
  page(null);
  page("c");
  expect([readDraft(null), readDraft("c")]).toEqual(["", "Second"]);
});
