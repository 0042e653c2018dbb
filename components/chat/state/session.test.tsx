import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readDraft, readEdit, writeDraft, writeEdit } from "./drafts.ts";
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
  if (conversationId !== null) session.chat.messages = turn();
  return session;
}
const turn = () => [said("u", "user", "Write a letter", null), said("a", "assistant", "Dear all", "u")];

/** The page after a reload, once the server has shown what it knows of the conversation. */
async function reloaded(known: readonly ParleyMessage[] = turn()): Promise<Session> {
  const session = createSession("c", () => undefined);
  server.mockImplementation(() => Promise.resolve(view(known)));
  await session.refresh();
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
  await reloaded();
  expect(readDraft("c")).toBe("Write a letter to my landlord");
});

test("what is typed after a message that could not be sent does not take its place", async () => {
  const session = page();
  writeDraft("c", "First ");
  await session.send("First");
  expect(readDraft("c")).toBe("");
  writeDraft("c", "Second");
  await reloaded();
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

test("a first message takes along what this tab typed meanwhile, and not what another one did", async () => {
  const session = page(null);
  writeDraft(null, "First");
  const sending = session.send("First");
  localStorage.setItem("parley.draft.new", "Of another tab");
  await sending;
  server.mockImplementation(taken);
  await session.retry();
  expect(localStorage.getItem("parley.draft.new")).toBe("Of another tab");
  expect(readDraft("c")).toBe("");
});

test("another run takes nothing of a message that is not sent: not from Edit, and not from a reload", async () => {
  const session = page();
  await session.send("First");
  server.mockImplementation(taken);
  await session.rerun("regenerate", "a");
  expect(session.chat.lastMessage?.id).toBe("a2");
  await reloaded();
  expect(readDraft("c")).toBe("First");
  expect(session.takeBack()).toBe("First");
});

test("a message of another tab that arrives leaves what this one still has to send", async () => {
  const [here, there] = [page(), page()];
  await here.send("First");
  server.mockImplementation(taken);
  await there.send("Second");
  await reloaded();
  expect(readDraft("c")).toBe("First");
});

test("what was left unsent before messages were told apart comes back too", async () => {
  localStorage.setItem("parley.unsent.c", "12");
  await reloaded();
  expect(readDraft("c")).toBe("12");
});

test("while a message is not sent no other takes its place, whether new or an edit", async () => {
  const session = page();
  await session.send("First");
  expect(session.edit("u", "Write a poem")).toBeNull();
  expect(session.send("Second")).toBeNull();
  expect(session.store.get().unsent?.text).toBe("First");
  await reloaded();
  expect(readDraft("c")).toBe("First");
});

const ids = (session: Session) => session.chat.messages.map((message) => message.id);
const view = (messages: readonly ParleyMessage[], more: object = {}) =>
  Response.json({
    id: "c",
    title: "Letters",
    createdAt: "2026-01-01",
    updatedAt: "2026-01-01",
    pinned: false,
    leafId: messages.at(-1)?.id ?? null,
    liveRun: null,
    askGoal: false,
    messages: messages.map((message) => ({
      id: message.id,
      role: message.role,
      parentId: message.metadata?.parentId ?? null,
      createdAt: "2026-01-01",
      text: "",
      kind: null,
      state: null,
      runId: null,
      parts: message.parts,
      feedback: { thumb: null, reasons: [], text: null },
    })),
    ...more,
  });
const bodies = () =>
  server.mock.calls.filter(([path]) => path === "/api/chat").map(([, init]) => JSON.parse(String(init?.body)));

test("a message sent before its conversation has come goes to the end that the server knows", async () => {
  const session = createSession("c", () => undefined);
  await session.send("First");
  expect(bodies()).toEqual([expect.not.objectContaining({ parentId: null })]);
  const begins = createSession(null, () => undefined);
  await begins.send("First");
  expect(bodies()[1]).not.toHaveProperty("conversationId");
});

test("a message sent before its conversation has come stands below it once it has, also if it is refused", async () => {
  const known = [said("u", "user", "Write a letter", null), said("a", "assistant", "Dear all", "u")];
  const session = createSession("c", () => undefined);
  let refuse: () => void = () => undefined;
  server.mockImplementation((path) => {
    if (path !== "/api/chat") return Promise.resolve(view(known));
    return new Promise((_, reject) => (refuse = () => reject(new TypeError("Failed to fetch"))));
  });
  const sending = session.send("First");
  await session.refresh();
  expect(ids(session)).toEqual(["u", "a", bodies()[0].id]);
  server.mockImplementation(offline);
  refuse();
  await sending;
  expect(ids(session)).toEqual(["u", "a"]);
  expect(session.store.get().unsent?.text).toBe("First");
});

test("a retry answers what is last by then, so that no turn of another tab is put aside", async () => {
  const session = page();
  await session.send("First");
  session.chat.messages = [
    ...session.chat.messages,
    said("u3", "user", "Other", "a"),
    said("a3", "assistant", "", "u3"),
  ];
  await session.retry();
  expect(bodies().map((body) => body.parentId)).toEqual(["a", "a3"]);
  expect(ids(session)).toEqual(["u", "a", "u3", "a3"]);
});

test("an edit that was refused leaves the thread as it was, and is sent to its own place again", async () => {
  const session = page();
  await session.edit("u", "Write a poem");
  expect(ids(session)).toEqual(["u", "a"]);
  await session.retry();
  expect(bodies().map((body) => body.parentId)).toEqual([null, null]);
  expect(ids(session)).toEqual(["u", "a"]);
});

test("an edit that is taken back is open again in its place, and its words outlast a reload until it is over", async () => {
  const session = page();
  await session.edit("u", "Write a poem");
  expect(session.takeBack()).toBeNull();
  expect(session.store.get()).toMatchObject({ unsent: null, reopened: "u" });
  // One copy: a reload must not put the words into the composer as well.
  expect(readEdit("u")).toBe("Write a poem");
  expect(localStorage.getItem("parley.unsent.c")).toBeNull();
  writeEdit("u", "");
  await session.edit("u", "Write an ode");
  expect(session.store.get()).toMatchObject({ unsent: { text: "Write an ode" }, reopened: null });
  writeEdit("u", "A song, from another tab");
  session.takeBack();
  expect(readEdit("u")).toBe("Write an ode\n\nA song, from another tab");
  session.letGo("u");
  expect(session.store.get().reopened).toBeNull();
});

test("a stream that broke before its run had a name leaves a message that is not sent, and no reply", async () => {
  const session = page();
  server.mockImplementation((path) => (path === "/api/chat" ? Promise.resolve(stream([])) : offline()));
  await session.send("First");
  expect(session.store.get().unsent?.text).toBe("First");
  expect(ids(session)).toEqual(["u", "a"]);
  await reloaded();
  expect(readDraft("c")).toBe("First");
});

test("a message that got there although nothing came back is no longer unsent once the server shows it", async () => {
  const session = page();
  await session.send("First");
  const id = session.store.get().unsent?.id ?? "";
  const all = [...session.chat.messages, said(id, "user", "First", "a"), said("a2", "assistant", "Yes", id)];
  server.mockImplementation(() => Promise.resolve(view(all)));
  await session.refresh();
  expect(session.store.get().unsent).toBeNull();
  expect(ids(session)).toEqual(["u", "a", id, "a2"]);
  await reloaded(all);
  expect(readDraft("c")).toBe("");
});

test("after a reload a message is brought back once the server is known not to have it, and not when it has", async () => {
  const session = page();
  await session.send("First");
  const id = session.store.get().unsent?.id ?? "";
  page();
  expect(readDraft("c")).toBe("");
  const all = [...turn(), said(id, "user", "First", "a")];
  expect((await reloaded(all)).store.get().given).toBeNull();
  expect([readDraft("c"), localStorage.getItem("parley.unsent.c")]).toEqual(["", null]);
  server.mockImplementation(offline);
  await page().send("Second");
  writeDraft("c", "Third");
  const again = await reloaded(all);
  expect(again.store.get().given).toEqual({ text: "Second\n\nThird" });
  expect(readDraft("c")).toBe("Second\n\nThird");
});

test("a message sent before its conversation has come is no draft again when it comes", async () => {
  const session = createSession("c", () => undefined);
  server.mockImplementation((path) =>
    path === "/api/chat" ? new Promise(() => undefined) : Promise.resolve(view(turn())),
  );
  void session.send("First");
  await session.refresh();
  expect([readDraft("c"), session.store.get().given]).toEqual(["", null]);
});

test("a request without any reply is answered anew; a run that breaks before its name leaves what was there", async () => {
  const session = page();
  session.chat.messages = session.chat.messages.slice(0, 1);
  server.mockImplementation(() => Promise.resolve(stream([])));
  await session.rerun("resume", "u");
  expect(server.mock.calls[0]?.[0]).toBe("/api/messages/u/regenerate");
  expect(ids(session)).toEqual(["u"]);
  expect(session.store.get().problem).toMatch(/can't be reached/);
  server.mockImplementation(taken);
  await session.rerun("regenerate", "u");
  expect(ids(session)).toEqual(["u", "a2"]);
});

test("a turn found running is busy from the first, and its stream is opened until it opens", async () => {
  const asked = [said("u", "user", "Write a letter", null)];
  const live = { liveRun: { runId: "r", userMessageId: "u", messageId: "a2" } };
  const opened = vi.fn<() => Promise<Response>>().mockImplementationOnce(offline);
  opened.mockImplementationOnce(() => Promise.resolve(stream(run("u"))));
  server.mockImplementation((path) => {
    if (path.endsWith("/events")) return opened();
    return Promise.resolve(opened.mock.calls.length < 2 ? view(asked, live) : view([...asked, answer]));
  });
  const answer = said("a2", "assistant", "Dear all", "u");
  const session = createSession("c", () => undefined);
  await session.refresh();
  expect([session.busy(), session.send("Second"), session.edit("u", "A poem")]).toEqual([true, null, null]);
  await vi.waitFor(() => expect(session.store.get().connection).toBe("lost"));
  expect(session.busy()).toBe(true);
  await vi.waitFor(() => expect(session.busy()).toBe(false));
  await vi.waitFor(() => expect(ids(session)).toEqual(["u", "a2"]));
  expect(opened).toHaveBeenCalledTimes(2);
});

const deleted = () => Promise.resolve(Response.json({ error: { code: "not_found", message: "No." } }, { status: 404 }));

test("what was not sent to a conversation that was deleted elsewhere goes to a new one", async () => {
  const session = page();
  server.mockImplementation(deleted);
  await session.send("First");
  writeDraft("c", "Second");
  writeDraft(null, "Zeroth");
  await vi.waitFor(() => expect(session.store.get().gone).toBe(true));
  expect(ids(session)).toEqual(["u", "a"]);
  session.moveOn();
  expect([readDraft(null), readDraft("c")]).toEqual(["Zeroth\n\nFirst\n\nSecond", ""]);
});

test("the words for a conversation that is not there any more stand in the field of a new one", async () => {
  writeDraft("c", "Half a thou");
  const session = createSession("c", () => undefined);
  server.mockImplementation(deleted);
  await session.refresh();
  expect(session.store.get().loading).toBe("missing");
  expect(readDraft(null)).toBe("Half a thou");
});
