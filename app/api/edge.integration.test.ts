import { v7 } from "uuid";
import { afterAll, describe, expect, test } from "vitest";
import { namedScenario } from "@/e2e/endpoint/scenario.ts";
import { cookieOf, errorOf, type Init, serveRoutes } from "@/e2e/support/routes.ts";
import { limits } from "@/lib/server/limits.ts";
import { conversationListSchema } from "@/lib/shared/chat.ts";
import { ownDataSchema } from "@/lib/shared/own-data.ts";
import { database } from "@/lib/store/client.ts";
import { openRoutes } from "./all-routes.ts";

const { endpoint, call, talk, close } = await serveRoutes(openRoutes);
afterAll(close);

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
        call("data", { ...as(type), method: "DELETE" }),
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
      const query = `?words=${encodeURIComponent(words)}`;
      const { conversations } = conversationListSchema.parse(
        await (await call("search", { cookie }, undefined, query)).json(),
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
    await talk("Übrigens: Привет", { cookie: turn.cookie, conversationId: turn.conversationId });
    for (const words of ["übrigens", "ÜBRIGENS", "привет", "ПРИВЕТ"])
      expect(await search(words)).toMatchObject([{ id }]);
    for (const words of [" ", "a".repeat(201)]) {
      const refused = await call("search", { cookie: turn.cookie }, undefined, `?words=${words}`);
      expect(refused.status).toBe(400);
      expect(await errorOf(refused)).toMatchObject({ code: "invalid_search", field: "words" });
    }
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
    endpoint.setScenario(namedScenario("journeys-slow"));
    const live = await call("chat", { cookie: mine.cookie, body: { text: "Write an email to my landlord" } });
    expect((await call("data", { cookie: mine.cookie, method: "DELETE" })).status).toBe(204);
    await live.text();
    endpoint.setScenario(namedScenario("journeys-instant"));
    expect((await taken(mine.cookie)).conversations).toEqual([]);
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
