import { v7 } from "uuid";
import { afterAll, describe, expect, test, vi } from "vitest";
import { namedScenario } from "@/e2e/endpoint/scenario.ts";
import { chunksOf, cookieOf, errorOf, serveRoutes, startOf, textsOf } from "@/e2e/support/routes.ts";
import { conversationListSchema, conversationViewSchema, errorBodySchema, settingsSchema } from "@/lib/shared/chat.ts";
import { decisionViewSchema } from "@/lib/shared/record.ts";
import { healthSchema, useAnswerSchema } from "@/lib/shared/routes.ts";
import { database } from "@/lib/store/client.ts";
import { openRoutes } from "./all-routes.ts";

const { endpoint, call, talk, close } = await serveRoutes(openRoutes);
afterAll(close);

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
