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
  metadata: { parentId, ...(role === "assistant" ? { runId: `run-${id}` } : {}) },
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
const taken = (_path: string, init?: RequestInit) => Promise.resolve(stream(run(sentId(init) ?? "u")));
const sentId = (init?: RequestInit): string | undefined => JSON.parse(String(init?.body ?? "{}")).id;
const run = (userMessageId: string) => [
  { type: "start", messageId: "a2" },
  {
    type: "data-run",
    id: "run",
    data: { runId: "r", conversationId: "c", userMessageId, preset: "balanced", startedAt: "2026-01-01" },
  },
  { type: "finish" },
];
const stream = (chunks: readonly object[]) =>
  new Response(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));

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

test("another run takes nothing of a message that is not sent: not from Edit, and not from a reload", async () => {
  const session = page();
  await session.send("First");
  server.mockImplementation(taken);
  await session.rerun("regenerate", "a");
  expect(session.chat.lastMessage?.id).toBe("a2");
  page();
  expect(readDraft("c")).toBe("First");
  expect(session.takeBack()).toBe("First");
});

test("a message of another tab that arrives leaves what this one still has to send", async () => {
  const [here, there] = [page(), page()];
  await here.send("First");
  server.mockImplementation(taken);
  await there.send("Second");
  page();
  expect(readDraft("c")).toBe("First");
});

test("what was left unsent before messages were told apart comes back too", () => {
  localStorage.setItem("parley.unsent.c", "12");
  page();
  expect(readDraft("c")).toBe("12");
});

test("while a message is not sent no other takes its place, whether new or an edit", async () => {
  const session = page();
  await session.send("First");
  expect(session.edit("u", "Write a poem")).toBeNull();
  expect(session.send("Second")).toBeNull();
  expect(session.store.get().unsent?.text).toBe("First");
  page();
  expect(readDraft("c")).toBe("First");
});
