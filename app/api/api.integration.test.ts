import { v7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { namedScenario } from "@/e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "@/e2e/endpoint/server.ts";
import { limits } from "@/lib/server/limits.ts";
import { conversationListSchema, conversationViewSchema, errorBodySchema, settingsSchema } from "@/lib/shared/chat.ts";
import { ownDataSchema } from "@/lib/shared/own-data.ts";
import { decisionViewSchema } from "@/lib/shared/record.ts";
import { healthSchema, useAnswerSchema } from "@/lib/shared/routes.ts";
import { database, disconnect } from "@/lib/store/client.ts";
import { stopListening } from "@/lib/store/listen.ts";
import { type Chunk, isData } from "@/lib/turns/chunk.ts";

let endpoint: ScriptedEndpoint;
let call: Awaited<ReturnType<typeof openRoutes>>;

beforeAll(async () => {
  endpoint = await startScriptedEndpoint({ scenario: namedScenario("journeys-instant") });
  process.env.OPENAI_BASE_URL = endpoint.url;
  process.env.PARLEY_SECRET = "a secret of at least thirty-two characters";
  call = await openRoutes();
});
afterAll(async () => {
  await stopListening();
  await disconnect();
  await endpoint.close();
});

type Handler = (request: Request, context: { params: Promise<{ id?: string }> }) => Promise<Response>;
type Init = { method?: string; cookie?: string; body?: unknown; headers?: Record<string, string>; raw?: string };

/** The route modules, asked as Next asks them. They read the environment, so they are loaded once it is set. */
async function openRoutes() {
  const modules = {
    chat: await import("./chat/route.ts"),
    health: await import("./health/route.ts"),
    settings: await import("./settings/route.ts"),
    conversations: await import("./conversations/route.ts"),
    data: await import("./data/route.ts"),
    conversation: await import("./conversations/[id]/route.ts"),
    events: await import("./runs/[id]/events/route.ts"),
    stop: await import("./runs/[id]/stop/route.ts"),
    answerNow: await import("./runs/[id]/answer-now/route.ts"),
    resume: await import("./runs/[id]/resume/route.ts"),
    use: await import("./messages/[id]/use/route.ts"),
    decision: await import("./messages/[id]/decision/route.ts"),
    feedback: await import("./messages/[id]/feedback/route.ts"),
    implicit: await import("./messages/[id]/implicit/route.ts"),
    regenerate: await import("./messages/[id]/regenerate/route.ts"),
  };
  return async (name: keyof typeof modules, init: Init = {}, id?: string, query = ""): Promise<Response> => {
    const method = init.method ?? (init.body === undefined && init.raw === undefined ? "GET" : "POST");
    const body = init.raw ?? (init.body === undefined ? null : JSON.stringify(init.body));
    const headers: Record<string, string> = { host: "parley.test", ...init.headers };
    if (body !== null) headers["content-type"] ??= "application/json";
    if (init.cookie) headers.cookie = init.cookie;
    const request = new Request(`http://parley.test/api/${name}${query}`, { method, headers, body });
    const handler = (modules[name] as Record<string, Handler>)[method];
    if (!handler) throw new Error(`${name} has no ${method}`);
    // A route without a parameter gets no params, whatever Next's types say.
    const params = Promise.resolve(id === undefined ? (undefined as unknown as object) : { id });
    return handler(request, { params });
  };
}

const cookieOf = (response: Response): string => response.headers.get("set-cookie")?.split(";")[0] ?? "";
const errorOf = async (response: Response) => errorBodySchema.parse(await response.json()).error;

/** The chunks of a stream, with the last id that it named. */
async function chunksOf(response: Response) {
  const events = (await response.text()).split("\n\n").map((event) => event.split("\n"));
  const data = events.flatMap((lines) =>
    lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)),
  );
  const ids = events.flatMap((lines) =>
    lines.filter((line) => line.startsWith("id: ")).map((line) => Number(line.slice(4))),
  );
  expect(data.at(-1)).toBe("[DONE]");
  const chunks = data.slice(0, -1).map((text) => JSON.parse(text) as Chunk);
  return { chunks, ids };
}
const startOf = (chunks: readonly Chunk[]): string => (chunks[0]?.type === "start" && chunks[0].messageId) || "";
const textsOf = (chunks: readonly Chunk[]) =>
  chunks.flatMap((chunk) => (chunk.type === "text-delta" ? [chunk.delta] : []));
type Run = { runId: string; conversationId: string; userMessageId: string };

/** Sends a message and reads its reply to the end. */
async function talk(text: string, init: Init & { conversationId?: string; preset?: string } = {}) {
  const { conversationId, preset = "balanced", ...rest } = init;
  const response = await call("chat", {
    ...rest,
    body: { id: v7(), text, preset, ...(conversationId ? { conversationId } : {}) },
  });
  expect(response.status).toBe(200);
  const cookie = init.cookie ?? cookieOf(response);
  const { chunks, ids } = await chunksOf(response);
  const part = (type: string) => chunks.filter(isData).find((chunk) => chunk.type === type)?.data as unknown;
  const run = part("data-run") as Run;
  const messageId = startOf(chunks);
  const reply = textsOf(chunks).join("");
  return { cookie, chunks, ids, part, reply, messageId, ...run };
}

const vague = "Write an email to my landlord";

describe("a whole turn through the routes, over the real protocol", () => {
  test("a vague request is looked ahead for, and all of it is found again", async () => {
    const turn = await talk(vague);
    expect(turn.part("data-error")).toBeUndefined();
    expect(turn.reply).not.toBe("");
    const view = decisionViewSchema.parse(
      await (await call("decision", { cookie: turn.cookie }, turn.messageId)).json(),
    );
    expect(view.decision.candidates.length).toBeGreaterThan(1);
    expect(view.decision.capabilities).toMatchObject({ assistant: { model: "scripted" } });
    const list = conversationListSchema.parse(await (await call("conversations", { cookie: turn.cookie })).json());
    expect(list.conversations).toMatchObject([{ id: turn.conversationId, title: vague }]);
    const conversation = conversationViewSchema.parse(
      await (await call("conversation", { cookie: turn.cookie }, turn.conversationId)).json(),
    );
    expect(conversation.messages.at(-1)).toMatchObject({ id: turn.messageId, text: turn.reply });
    expect(await database().usage.count({ where: { runId: turn.runId } })).toBeGreaterThan(4);
  });

  test("a late reader gets the same reply, and a cursor gets the rest", async () => {
    const turn = await talk(vague);
    const again = await chunksOf(await call("events", { cookie: turn.cookie }, turn.runId));
    expect(textsOf(again.chunks)).toEqual([turn.reply]);
    const last = turn.ids.at(-1) ?? 0;
    expect(again.ids).toEqual([last]);
    const rest = await chunksOf(await call("events", { cookie: turn.cookie }, turn.runId, `?after=${last - 1}`));
    expect(rest.chunks.map((chunk) => chunk.type)).toEqual(["finish"]);
    expect((await call("events", { cookie: turn.cookie }, turn.runId, "?after=x")).status).toBe(400);
  });

  test("use this one instead makes a sibling with that text and a preference", async () => {
    const turn = await talk(vague);
    const { cookie, messageId } = turn;
    const before = decisionViewSchema.parse(await (await call("decision", { cookie }, messageId)).json());
    const other = before.decision.candidates.find((candidate) => !candidate.chosen);
    if (!other) throw new Error("no other candidate");
    const use = async () =>
      useAnswerSchema.parse(await (await call("use", { cookie, body: { candidateId: other.id } }, messageId)).json());
    const [answer, again] = await Promise.all([use(), use()]);
    expect(again).toEqual(answer);
    expect(await use()).toEqual(answer);
    const view = conversationViewSchema.parse(
      await (await call("conversation", { cookie }, turn.conversationId)).json(),
    );
    expect(view.leafId).toBe(answer.messageId);
    const sibling = view.messages.find((message) => message.id === answer.messageId);
    expect(sibling).toMatchObject({ parentId: turn.userMessageId, text: other.text, kind: other.kind, state: "done" });
    const after = decisionViewSchema.parse(await (await call("decision", { cookie }, answer.messageId)).json());
    expect(after).toMatchObject({ shownId: other.id, decision: { chosenId: before.decision.chosenId } });
    const [preference] = await database().feedback.findMany({ where: { messageId, kind: "swap" } });
    expect(preference).toMatchObject({
      value: { from: before.decision.chosenId, to: other.id },
      propensity: expect.any(Number),
    });
    expect(preference?.candidates).toHaveLength(before.decision.candidates.length);
    const back = await call("use", { cookie, body: { candidateId: before.decision.chosenId } }, messageId);
    expect((await errorOf(back)).code).toBe("already_shown");
    expect((await call("use", { cookie, body: { candidateId: "none" } }, messageId)).status).toBe(404);
  });

  test("use this one instead, and back again, turns to the first reply and copies nothing", async () => {
    const { cookie, messageId, conversationId } = await talk(vague);
    const { decision } = decisionViewSchema.parse(await (await call("decision", { cookie }, messageId)).json());
    const [other, third] = decision.candidates.filter((candidate) => !candidate.chosen);
    if (!other || !third) throw new Error("no other candidates");
    const use = async (candidateId: string, id: string) =>
      useAnswerSchema.parse(await (await call("use", { cookie, body: { candidateId } }, id)).json()).messageId;
    const seen = async () =>
      conversationViewSchema.parse(await (await call("conversation", { cookie }, conversationId)).json());

    const sibling = await use(other.id, messageId);
    expect(await use(decision.chosenId, sibling)).toBe(messageId);
    expect(await seen()).toMatchObject({ leafId: messageId, messages: { length: 3 } });
    const fourth = await use(third.id, sibling);
    expect(await use(third.id, messageId)).toBe(fourth);
    expect(await use(other.id, fourth)).toBe(sibling);
    expect(await seen()).toMatchObject({ leafId: sibling, messages: { length: 4 } });
    const swaps = await database().feedback.findMany({
      where: { conversationId, kind: "swap" },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    });
    expect(swaps.map((row) => [row.messageId, row.value])).toEqual([
      [messageId, { from: decision.chosenId, to: other.id, messageId: sibling }],
      [sibling, { from: other.id, to: decision.chosenId, messageId }],
      [sibling, { from: other.id, to: third.id, messageId: fourth }],
      [messageId, { from: decision.chosenId, to: third.id, messageId: fourth }],
      [fourth, { from: third.id, to: other.id, messageId: sibling }],
    ]);
  });

  test("feedback is appended, the last word holds, and null takes it back", async () => {
    const { cookie, messageId, conversationId, userMessageId } = await talk(vague);
    const say = (body: unknown, id = messageId) => call("feedback", { cookie, body }, id);
    const held = async () => {
      const response = await call("conversation", { cookie }, conversationId);
      return conversationViewSchema.parse(await response.json()).messages.find((message) => message.id === messageId)
        ?.feedback;
    };
    expect((await say({ kind: "thumb", value: "down" })).status).toBe(204);
    await say({ kind: "reason", value: ["should_have_asked"] });
    await say({ kind: "text", value: "It should have asked." });
    expect(await held()).toEqual({ thumb: "down", reasons: ["should_have_asked"], text: "It should have asked." });
    await say({ kind: "thumb", value: null });
    expect(await held()).toMatchObject({ thumb: null, reasons: ["should_have_asked"] });
    // One reason needs no list around it; it is kept as the list that every reader knows.
    expect((await say({ kind: "reason", value: "too_long" })).status).toBe(204);
    expect((await held())?.reasons).toEqual(["too_long"]);
    expect((await say({ kind: "reason", value: "sideways" })).status).toBe(400);
    await call("implicit", { cookie, body: { action: "copy" } }, messageId);
    const rows = await database().feedback.findMany({ where: { messageId }, orderBy: { createdAt: "asc" } });
    expect(rows.map((row) => row.kind)).toEqual(["thumb", "reason", "text", "thumb", "reason", "implicit"]);
    expect(rows[0]).toMatchObject({ policyName: "balanced", interfaceVersion: expect.any(String) });
    expect(rows[0]?.candidates).toEqual(expect.arrayContaining([expect.objectContaining({ id: "ask", kind: "ask" })]));
    await expect(database().feedback.updateMany({ where: { messageId }, data: { propensity: 0 } })).rejects.toThrow(
      /append-only/,
    );
    expect((await say({ kind: "thumb", value: "sideways" })).status).toBe(400);
    expect((await say({ kind: "thumb", value: "up" }, userMessageId)).status).toBe(400);
  });

  test("the goal is asked for at a quiet moment, and not again at once", async () => {
    const first = await talk("What is the capital of France?", { preset: "direct" });
    const { cookie, conversationId } = first;
    const asked = async () =>
      conversationViewSchema.parse(await (await call("conversation", { cookie }, conversationId)).json()).askGoal;
    expect(await asked()).toBe(false);
    const second = await talk("And of Spain?", { cookie, conversationId, preset: "direct" });
    expect(await asked()).toBe(true);
    await call("feedback", { cookie, body: { kind: "goal", value: "yes" } }, second.messageId);
    expect(await asked()).toBe(false);
  });

  test("a conversation is renamed, pinned, turned to another branch and deleted", async () => {
    const turn = await talk("What is the capital of France?", { preset: "direct" });
    const { cookie, conversationId } = turn;
    const again = await chunksOf(await call("regenerate", { cookie, method: "POST" }, turn.messageId));
    const second = startOf(again.chunks);
    const patch = (body: unknown) => call("conversation", { cookie, method: "PATCH", body }, conversationId);
    expect(await (await patch({ title: " Capitals ", pinned: true })).json()).toMatchObject({
      title: "Capitals",
      pinned: true,
    });
    const leaf = async () =>
      conversationViewSchema.parse(await (await call("conversation", { cookie }, conversationId)).json()).leafId;
    expect(await leaf()).toBe(second);
    expect((await patch({ leafId: turn.messageId })).status).toBe(200);
    expect(await leaf()).toBe(turn.messageId);
    expect((await patch({ leafId: v7() })).status).toBe(404);
    expect((await call("conversation", { cookie, method: "DELETE" }, conversationId)).status).toBe(204);
    expect((await call("conversation", { cookie }, conversationId)).status).toBe(404);
    expect(await database().run.count({ where: { conversationId } })).toBe(0);
  });

  test("settings are kept, and a turn follows them", async () => {
    const fresh = await call("settings");
    const cookie = cookieOf(fresh);
    expect(settingsSchema.parse(await fresh.json())).toEqual({
      preset: "balanced",
      asking: "balanced",
      systemPrompt: "",
    });
    const changed = await call("settings", { cookie, method: "PATCH", body: { preset: "direct", asking: "never" } });
    expect(await changed.json()).toEqual({ preset: "direct", asking: "never", systemPrompt: "" });
    const sent = await call("chat", { cookie, body: { text: vague } });
    const { chunks } = await chunksOf(sent);
    expect(chunks.find((chunk) => chunk.type === "data-decision")).toMatchObject({ data: { path: "direct" } });
  });

  test("health names its parts", async () => {
    await vi.waitFor(async () => expect((await call("health")).status).toBe(200));
    const health = healthSchema.parse(await (await call("health")).json());
    expect(health).toEqual({ status: "ok", database: "ok", model: { status: "ok", id: "scripted" } });
  });
});

describe("stop and answer now, over the real protocol", () => {
  test("a stopped turn's model calls end, and going on answers", async () => {
    endpoint.setScenario(namedScenario("journeys-slow"));
    endpoint.clearCalls();
    const response = await call("chat", { body: { text: vague } });
    const cookie = cookieOf(response);
    const run = await database().run.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
    await vi.waitFor(() => expect(endpoint.calls().active).toBeGreaterThan(0), { timeout: 5_000 });
    expect((await call("stop", { cookie, method: "POST" }, run.id)).status).toBe(200);
    const { chunks } = await chunksOf(response);
    // The endpoint saw its clients leave: nothing more is paid for.
    await vi.waitFor(() => expect(endpoint.calls().active).toBe(0), { timeout: 5_000 });
    expect(endpoint.calls().aborted).toBeGreaterThan(0);
    expect(chunks.at(-1)).toMatchObject({ type: "finish", messageMetadata: { state: "stopped" } });
    endpoint.setScenario(namedScenario("journeys-instant"));
    const resumed = await chunksOf(await call("resume", { cookie, method: "POST" }, run.id));
    expect(resumed.chunks.at(-1)).toMatchObject({ type: "finish", messageMetadata: { state: "done" } });
  });

  test("a second message gets 409 with the live run's id, beside the error and in it", async () => {
    endpoint.setScenario(namedScenario("journeys-slow"));
    const response = await call("chat", { body: { text: vague } });
    const cookie = cookieOf(response);
    const { id: runId, conversationId } = await database().run.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
    const second = await call("chat", { cookie, body: { text: "And another", conversationId } });
    expect(second.status).toBe(409);
    expect(errorBodySchema.parse(await second.json())).toMatchObject({ error: { code: "run_live", runId }, runId });
    await call("stop", { cookie, method: "POST" }, runId);
    await chunksOf(response);
    endpoint.setScenario(namedScenario("journeys-instant"));
  });

  test("while a turn runs, another reply is not taken instead: the turn's own would never be shown", async () => {
    const { cookie, messageId, conversationId } = await talk(vague);
    const { decision } = decisionViewSchema.parse(await (await call("decision", { cookie }, messageId)).json());
    const other = decision.candidates.find((candidate) => !candidate.chosen);
    endpoint.setScenario(namedScenario("journeys-slow"));
    const response = await call("chat", { cookie, body: { text: "And another", conversationId } });
    const { id: runId } = await database().run.findFirstOrThrow({ where: { conversationId, state: "running" } });
    const use = () => call("use", { cookie, body: { candidateId: other?.id } }, messageId);
    const refused = await use();
    expect(refused.status).toBe(409);
    expect(await errorOf(refused)).toMatchObject({ code: "run_live", runId });
    await call("stop", { cookie, method: "POST" }, runId);
    await chunksOf(response);
    endpoint.setScenario(namedScenario("journeys-instant"));
    expect((await use()).status).toBe(200);
  });

  test("answer now ends the deliberation", async () => {
    endpoint.setScenario(namedScenario("journeys-slow"));
    const response = await call("chat", { body: { text: vague, preset: "deep" } });
    const cookie = cookieOf(response);
    const run = await database().run.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
    await call("answerNow", { cookie, method: "POST" }, run.id);
    const { chunks } = await chunksOf(response);
    expect(chunks.find((chunk) => chunk.type === "data-decision")).toMatchObject({
      data: { stopReason: "answer_now" },
    });
    endpoint.setScenario(namedScenario("journeys-instant"));
  });
});

describe("the edge", () => {
  test("a guest's cookie is signed, not for scripts and not for other sites", async () => {
    const response = await call("conversations");
    const header = response.headers.get("set-cookie") ?? "";
    expect(header).toMatch(/^parley_session=[0-9a-f-]{36}\.[\w-]{43}; /);
    expect(header).toContain("HttpOnly");
    expect(header).toContain("SameSite=Lax");
    expect((await call("conversations", { cookie: cookieOf(response) })).headers.get("set-cookie")).toBeNull();
    const forged = cookieOf(response).replace(/=[0-9a-f-]{36}/, `=${v7()}`);
    expect((await call("conversations", { cookie: forged })).headers.get("set-cookie")).not.toBeNull();
  });

  test.each([
    ["another site's origin", { origin: "https://evil.test" }, 403],
    ["a sandboxed frame's origin", { origin: "null" }, 403],
    ["another site's page without an origin", { "sec-fetch-site": "cross-site" }, 403],
    ["our own origin", { origin: "http://parley.test" }, 400],
    ["a program without an origin", {}, 400],
  ])("%s", async (_, headers, status) => {
    // An empty text is refused after the origin was looked at, so 400 means: let through.
    expect((await call("chat", { headers, body: { text: "" } })).status).toBe(status);
  });

  test("what cannot be read is refused with the reason", async () => {
    const status = async (init: Init) => {
      const response = await call("chat", init);
      return [response.status, (await errorOf(response)).code];
    };
    expect(await status({ raw: "{", headers: {} })).toEqual([400, "invalid_json"]);
    expect(await status({ raw: "{}", headers: { "content-type": "text/plain" } })).toEqual([415, "not_json"]);
    expect(await status({ body: { text: "x".repeat(300_000) } })).toEqual([413, "body_too_large"]);
    expect(await status({ body: { text: "x".repeat(32_001) } })).toEqual([400, "invalid_body"]);
    expect(await status({ body: { text: " \n " } })).toEqual([400, "invalid_body"]);
    expect((await errorOf(await call("chat", { body: { text: "x", preset: "best" } }))).field).toBe("preset");
  });

  test("what needs no body takes none, or JSON, and nothing else", async () => {
    const turn = await talk("What is the capital of France?", { preset: "direct" });
    const { cookie, runId, messageId, conversationId } = turn;
    const as = (type: string) => ({ cookie, raw: "x=1", headers: { "content-type": type } });
    for (const type of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
      const answers = await Promise.all([
        call("stop", as(type), runId),
        call("answerNow", as(type), runId),
        call("resume", as(type), runId),
        call("regenerate", as(type), messageId),
        call("conversation", { ...as(type), method: "DELETE" }, conversationId),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 415));
    }
    expect((await call("stop", { cookie, body: {} }, runId)).status).toBe(200);
    expect((await call("stop", { cookie, method: "POST" }, runId)).status).toBe(200);
    expect(await database().run.count({ where: { conversationId } })).toBe(1);
  });

  test("a message that can never fit the model is refused before anything is written or sent", async () => {
    await talk("What is the capital of France?", { preset: "direct" });
    endpoint.clearCalls();
    const before = await database().message.count();
    const response = await call("chat", { body: { text: "ä".repeat(32_000) } });
    expect(response.status).toBe(413);
    expect(await errorOf(response)).toMatchObject({ code: "message_too_long", field: "text" });
    expect(await database().message.count()).toBe(before);
    expect(endpoint.calls().byRole.answer).toBeUndefined();
  });

  test("ids of others answer 404 everywhere", async () => {
    const turn = await talk("What is the capital of France?", { preset: "direct" });
    const cookie = cookieOf(await call("conversations"));
    const as = { cookie };
    const post = { cookie, method: "POST" };
    const found = await Promise.all([
      call("conversation", as, turn.conversationId),
      call("conversation", { cookie, method: "PATCH", body: { pinned: true } }, turn.conversationId),
      call("conversation", { cookie, method: "DELETE" }, turn.conversationId),
      call("events", as, turn.runId),
      call("stop", post, turn.runId),
      call("answerNow", post, turn.runId),
      call("resume", post, turn.runId),
      call("decision", as, turn.messageId),
      call("feedback", { cookie, body: { kind: "thumb", value: "up" } }, turn.messageId),
      call("implicit", { cookie, body: { action: "copy" } }, turn.messageId),
      call("use", { cookie, body: { candidateId: "ask" } }, turn.messageId),
      call("regenerate", post, turn.messageId),
      call("chat", { cookie, body: { text: "Hi", conversationId: turn.conversationId } }),
      call("chat", { cookie, body: { text: "Hi", id: turn.userMessageId } }),
      call("chat", { cookie, body: { text: "Hi", id: turn.messageId } }),
      call("conversation", as, "not-a-uuid"),
    ]);
    expect(found.map((response) => response.status)).toEqual(found.map(() => 404));
    const mine = conversationListSchema.parse(await (await call("conversations", { cookie: turn.cookie })).json());
    expect(mine.conversations).toHaveLength(1);
  });

  test("a search finds the viewer's own words in titles and texts, literally, and says where", async () => {
    const turn = await talk("Explain in one sentence what 100%_sure means");
    const reply = await talk("And what is a marmoset?", { cookie: turn.cookie, conversationId: turn.conversationId });
    const search = async (words: string, cookie = turn.cookie) => {
      const query = `?search=${encodeURIComponent(words)}`;
      const { conversations } = conversationListSchema.parse(
        await (await call("conversations", { cookie }, undefined, query)).json(),
      );
      return conversations.map((each) => ({ id: each.id, excerpt: each.excerpt }));
    };
    const id = reply.conversationId;
    expect(await search("MARMOSET  a")).toEqual([{ id, excerpt: expect.stringContaining("what is a marmoset?") }]);
    expect(await search("100%_SURE")).toMatchObject([{ id }]);
    expect(await search("100__sure")).toEqual([]);
    expect(await search("one marmoset")).toEqual([]);
    expect(await search("\0")).toEqual([]);
    expect(await search("marmoset", (await guest()).cookie)).toEqual([]);
    expect(await search("  ")).toMatchObject([{ id }]);
    const long = await call("conversations", { cookie: turn.cookie }, undefined, `?search=${"a".repeat(201)}`);
    expect(long.status).toBe(400);
    expect(await errorOf(long)).toMatchObject({ code: "invalid_search", field: "search" });
  });

  test("everything of one's own can be taken along and deleted, and nobody else's", async () => {
    const [mine, other] = [await talk("What is the capital of France?"), await talk("What is the capital of France?")];
    await call("feedback", { cookie: mine.cookie, body: { kind: "thumb", value: "up" } }, mine.messageId);
    await call("settings", { cookie: mine.cookie, method: "PATCH", body: { asking: "rarely" } });
    const taken = async (cookie: string) => {
      const response = await call("data", { cookie });
      expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="parley-[\d-]+\.json"$/);
      return ownDataSchema.parse(await response.json());
    };
    const data = await taken(mine.cookie);
    expect(data).toMatchObject({ settings: { asking: "rarely" }, conversations: [{ id: mine.conversationId }] });
    expect(data.conversations[0]?.messages.map((each) => each.text)).toEqual([
      "What is the capital of France?",
      mine.reply,
    ]);
    expect(data.conversations[0]?.feedback).toMatchObject([{ messageId: mine.messageId, kind: "thumb", value: "up" }]);
    expect((await call("data", { cookie: mine.cookie, method: "DELETE" })).status).toBe(204);
    expect(await taken(mine.cookie)).toMatchObject({ settings: { asking: "balanced" }, conversations: [] });
    expect(await database().run.count({ where: { id: mine.runId } })).toBe(0);
    expect(await database().feedback.count({ where: { messageId: mine.messageId } })).toBe(0);
    expect((await taken(other.cookie)).conversations).toHaveLength(1);
    // Whoever wrote nothing yet has nothing to delete.
    expect((await call("data", { cookie: (await guest()).cookie, method: "DELETE" })).status).toBe(204);
  });

  /** Uses a window of this guest up, the one that runs and the next one, should the clock turn over meanwhile. */
  async function useUp(scope: string, viewerId: string, most: number, seconds = 60): Promise<void> {
    await database().$executeRaw`
      INSERT INTO "limit_window" ("scope", "subject", "starts_at", "count")
      SELECT ${scope}, ${viewerId}, to_timestamp(floor(extract(epoch FROM now()) / ${seconds}) * ${seconds} + ahead), ${most}
      FROM unnest(ARRAY[0, ${seconds}]) AS ahead`;
  }
  async function guest() {
    const cookie = cookieOf(await call("conversations"));
    return { cookie, viewerId: cookie.slice(cookie.indexOf("=") + 1).split(".")[0] ?? "" };
  }

  test("too many turns in a minute are refused with how long to wait", async () => {
    const { cookie, viewerId } = await guest();
    await useUp("turn/viewer/60", viewerId, limits.turn[0].most);
    const response = await call("chat", { cookie, body: { text: "One more" } });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await errorOf(response)).code).toBe("too_many_requests");
    expect(await database().run.count({ where: { viewerId } })).toBe(0);
  });

  test("too many turns in a day are refused with when the day ends", async () => {
    const { cookie, viewerId } = await guest();
    const { seconds, most } = limits.turn[1];
    await useUp("turn/viewer/86400", viewerId, most, seconds);
    const { message } = await errorOf(await call("chat", { cookie, body: { text: "One more" } }));
    expect(message).toMatch(/today's limit of 2,000 messages\. Go on in \d+ (hour|minute)s?\.$/);
  });

  test("what one guest is refused uses up nobody else's windows", async () => {
    const { cookie, viewerId } = await guest();
    await useUp("turn/viewer/60", viewerId, limits.turn[0].most);
    const others = async () => {
      const shared = { scope: { startsWith: "turn/" }, subject: { not: viewerId } };
      return (await database().limitWindow.aggregate({ where: shared, _sum: { count: true } }))._sum.count;
    };
    const before = await others();
    expect((await call("chat", { cookie, body: { text: "One more" } })).status).toBe(429);
    expect(await others()).toBe(before);
  });

  test("a body that cannot be used is no turn, but is counted all the same", async () => {
    const { cookie, viewerId } = await guest();
    const counted = async () => {
      const rows = await database().limitWindow.groupBy({
        by: ["scope"],
        where: { subject: viewerId },
        _sum: { count: true },
      });
      return Object.fromEntries(rows.map((row) => [row.scope, row._sum.count]));
    };
    expect((await call("chat", { cookie, body: { text: "" } })).status).toBe(400);
    expect((await call("chat", { cookie, raw: "{" })).status).toBe(400);
    expect(await counted()).toEqual({ "write/viewer/60": 2 });
    await database().limitWindow.deleteMany({ where: { subject: viewerId } });
    await useUp("write/viewer/60", viewerId, limits.write[0].most);
    expect((await call("chat", { cookie, body: { text: "" } })).status).toBe(429);
  });

  test("where limits cannot be counted, nothing is let through", async () => {
    await database().$executeRaw`ALTER TABLE "limit_window" RENAME TO "limit_window_away"`;
    const response = await call("chat", { body: { text: "Hello" } }).finally(
      () => database().$executeRaw`ALTER TABLE "limit_window_away" RENAME TO "limit_window"`,
    );
    expect(response.status).toBe(503);
    expect((await errorOf(response)).code).toBe("limits_unavailable");
  });
});
