import { v7 } from "uuid";
import { afterAll, describe, expect, test, vi } from "vitest";
import { TurnFailed } from "../engine/index.ts";
import { sampleDecision } from "../shared/sample-decision.ts";
import { database, disconnect } from "../store/client.ts";
import { lockConversation } from "../store/conversations.ts";
import { transaction } from "../store/database.ts";
import { readJournal } from "../store/events.ts";
import { stopListening } from "../store/listen.ts";
import { readRun } from "../store/runs.ts";
import type { Chunk } from "./chunk.ts";
import { closeRun } from "./close.ts";
import { viewDecision } from "./decision.ts";
import { fold } from "./fold.ts";
import { drain } from "./live.ts";
import { reap } from "./reaper.ts";
import { resumeRun } from "./resume.ts";
import { answerNow, stopRun } from "./signal.ts";
import { begin, newAsker, noCost, read, refusal, textOf, usageRow } from "./test-double.ts";
import { viewConversation } from "./view.ts";

afterAll(async () => {
  await stopListening();
  await disconnect();
});

describe("stopping", () => {
  test("keeps the text that was shown, marks the reply, and going on makes a new one", async () => {
    const { asker, deps, next, run, runId, played } = await begin();
    played.text("Half a rep");
    const reading = read(runId);
    await read(runId, 0, (told) => textOf(told.map((one) => one.chunk)) === "Half a rep");
    expect(await stopRun(asker.viewerId, runId)).toEqual({ runId, state: "running" });
    await vi.waitFor(() => expect(played.asked.stop.aborted).toBe(true));
    played.text("ly that nobody may see");
    const { chunks } = await reading;
    expect(textOf(chunks)).toBe("Half a rep");
    expect(chunks.find((chunk) => chunk.type === "data-error")).toMatchObject({
      data: { code: "stopped", retry: true },
    });
    expect(chunks.at(-1)).toMatchObject({ type: "finish", messageMetadata: { state: "stopped" } });
    expect(await stopRun(asker.viewerId, runId)).toEqual({ runId, state: "stopped" });

    const resumed = await resumeRun(deps, asker, runId);
    const second = await next();
    expect(second.asked.history).toEqual([{ role: "user", text: "Write an email to my landlord" }]);
    second.text("A whole reply.");
    second.decide();
    await read(resumed.runId);
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.messages.map((message) => [message.text, message.state])).toEqual([
      ["Write an email to my landlord", null],
      ["Half a rep", "stopped"],
      ["A whole reply.", "done"],
    ]);
    expect((await refusal(resumeRun(deps, asker, resumed.runId))).code).toBe("run_done");
  });

  test("a turn stopped before a word leaves no blank reply once there is a better one", async () => {
    const { asker, deps, next, run, runId } = await begin();
    await stopRun(asker.viewerId, runId);
    await read(runId);
    const stopped = await viewConversation(asker.viewerId, run.conversationId);
    expect(stopped.messages.map((message) => [message.text, message.state])).toEqual([
      ["Write an email to my landlord", null],
      ["", "stopped"],
    ]);
    const resumed = await resumeRun(deps, asker, runId);
    const second = await next();
    second.text("There.");
    second.decide();
    await read(resumed.runId);
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.messages.map((message) => message.text)).toEqual(["Write an email to my landlord", "There."]);
  });

  test("answer now reaches the deliberation, not the reply", async () => {
    const { asker, runId, played } = await begin();
    await answerNow(asker.viewerId, runId);
    await vi.waitFor(() => expect(played.asked.answerNow.aborted).toBe(true));
    expect(played.asked.stop.aborted).toBe(false);
    played.text("The leader so far.");
    played.decide({ ...sampleDecision(), stopReason: "answer_now" });
    expect(textOf((await read(runId)).chunks)).toBe("The leader so far.");
  });

  test("answer now is kept as feedback on the policy, once a run, with the set it was chosen from", async () => {
    const { asker, run, runId, played } = await begin();
    await answerNow(asker.viewerId, runId);
    await answerNow(asker.viewerId, runId);
    played.text("The leader so far.");
    played.decide({ ...sampleDecision(), stopReason: "answer_now" });
    await read(runId);
    await answerNow(asker.viewerId, runId);
    const { candidates, chosenId, policy } = sampleDecision();
    const said = await database().feedback.findMany({ where: { messageId: run.messageId } });
    expect(said).toMatchObject([
      {
        viewerId: asker.viewerId,
        kind: "implicit",
        value: { action: "answer_now" },
        candidateId: chosenId,
        policyName: policy.name,
        policyVersion: policy.version,
        propensity: candidates.find((candidate) => candidate.id === chosenId)?.propensity,
      },
    ]);
    expect(said[0]?.candidates).toHaveLength(candidates.length);
  });

  test("who answers now and then stops has said both", async () => {
    const { asker, run, runId } = await begin();
    await answerNow(asker.viewerId, runId);
    await stopRun(asker.viewerId, runId);
    await read(runId);
    expect(await database().feedback.findMany({ where: { messageId: run.messageId } })).toMatchObject([
      { kind: "implicit", value: { action: "answer_now" }, candidates: [], propensity: null },
    ]);
  });

  test("nothing is kept of a turn that nobody hurried", async () => {
    const { run, runId, played } = await begin();
    played.decide();
    await read(runId);
    expect(await database().feedback.count({ where: { conversationId: run.conversationId } })).toBe(0);
  });

  test("a deleted conversation ends its run", async () => {
    const { run, runId, played } = await begin();
    await database().conversation.delete({ where: { id: run.conversationId } });
    await vi.waitFor(() => expect(played.asked.stop.aborted).toBe(true), { timeout: 5_000 });
    expect((await read(runId)).chunks).toEqual([]);
  });
});

describe("announcements that are lost", () => {
  test("a stop flag that nobody heard of is found by looking", async () => {
    const { runId, played } = await begin();
    await database().run.update({ where: { id: runId }, data: { stopRequested: true } });
    await vi.waitFor(() => expect(played.asked.stop.aborted).toBe(true), { timeout: 5_000 });
    expect((await read(runId)).chunks.at(-1)).toMatchObject({ messageMetadata: { state: "stopped" } });
  });

  test("a reader whose listening connection dies still reads to the end", async () => {
    const { runId, played } = await begin();
    played.text("One ");
    const reading = read(runId);
    await read(runId, 0, (told) => textOf(told.map((one) => one.chunk)) === "One ");
    await database().$executeRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`;
    played.text("two.");
    played.decide();
    expect(textOf((await reading).chunks)).toBe("One two.");
  });
});

describe("failing", () => {
  test.each([
    ["model_unreachable", "model_unreachable", true],
    ["model_refused_key", "model_refused_key", true],
    ["message_too_long", "message_too_long", false],
    ["something else", "internal", true],
  ])("%s ends as an error part with what to do", async (code, told, retry) => {
    const { asker, run, runId, played } = await begin();
    const cause = Object.assign(new Error("no"), { code });
    played.fail(new TurnFailed(false, noCost, cause));
    const { chunks } = await read(runId);
    expect(chunks.find((chunk) => chunk.type === "data-error")).toMatchObject({ data: { code: told, retry } });
    expect(chunks.at(-1)).toMatchObject({ type: "finish", messageMetadata: { state: "failed" } });
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.messages[1]?.parts.find((part) => part.type === "data-error")).toBeDefined();
  });

  test("a turn that broke off has no record of a choice, and the answer says why", async () => {
    const { asker, run, runId, played } = await begin();
    played.asked.onCall(usageRow);
    played.text("Half a");
    played.fail(new TurnFailed(true, noCost, new Error("broke")));
    await read(runId);
    const refused = await refusal(viewDecision(asker.viewerId, run.messageId));
    expect(refused).toMatchObject({ status: 404, code: "no_decision" });
    expect((await refusal(viewDecision(v7(), run.messageId))).code).toBe("not_found");
    expect(await database().usage.count({ where: { runId } })).toBe(1);
  });

  test("text that was shown before the failure is kept", async () => {
    const { asker, run, runId, played } = await begin();
    played.text("Half a");
    played.fail(new TurnFailed(true, noCost, new Error("broke")));
    await read(runId);
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.messages[1]).toMatchObject({ text: "Half a", state: "failed" });
  });

  test("trying again makes a new reply beside the one that failed", async () => {
    const { asker, deps, next, run, runId, played } = await begin();
    played.text("Half a");
    played.fail(new TurnFailed(true, noCost, new Error("broke")));
    await read(runId);
    const resumed = await resumeRun(deps, asker, runId);
    const second = await next();
    expect(second.asked.history).toEqual([{ role: "user", text: "Write an email to my landlord" }]);
    second.text("A whole reply.");
    second.decide();
    await read(resumed.runId);
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.messages.map((message) => [message.text, message.state])).toEqual([
      ["Write an email to my landlord", null],
      ["Half a", "failed"],
      ["A whole reply.", "done"],
    ]);
    expect(view.leafId).toBe(view.messages[2]?.id);
    expect((await readRun(runId))?.state).toBe("failed");
  });
});

describe("the reaper", () => {
  const silence = (runId: string) =>
    database().$executeRaw`UPDATE "run" SET "heartbeat_at" = now() - interval '20 seconds' WHERE "id" = ${runId}::uuid`;

  test("ends what a dead process left, keeps its text and lets the person go on", async () => {
    const { asker, run, runId } = await begin();
    // A run of a process that died: its rows and its journal are there, nobody works on it.
    const dead = await orphan(asker.viewerId);
    await silence(dead.runId);
    expect(await reap()).toBeGreaterThanOrEqual(1);
    const { chunks } = await read(dead.runId);
    expect(textOf(chunks)).toBe("Half a");
    expect(chunks.find((chunk) => chunk.type === "data-error")).toMatchObject({ data: { code: "interrupted" } });
    const view = await viewConversation(asker.viewerId, dead.conversationId);
    expect(view.messages[1]).toMatchObject({ text: "Half a", state: "interrupted" });
    expect((await readRun(runId))?.state).toBe("running");
    await stopRun(asker.viewerId, run.id);
    await read(runId);
  });

  test("two reapers end a run once", async () => {
    const asker = newAsker();
    const { runId } = await orphan(asker.viewerId);
    await silence(runId);
    await Promise.all([reap(), reap(), reap()]);
    const journal = (await readJournal(runId)).map((event) => event.payload as Chunk);
    expect(journal.filter((chunk) => chunk.type === "finish")).toHaveLength(1);
  });

  test("an end waits for a conversation that is being deleted, instead of both waiting for each other", async () => {
    const { runId, conversationId } = await orphan(newAsker().viewerId);
    const run = await readRun(runId);
    if (!run) throw new Error("no run");
    const end = { run, state: "interrupted", error: null, seq: 3, rest: [], record: null, usage: [] } as const;
    const ending = { closed: Promise.resolve(true) };
    await transaction(async (db) => {
      await lockConversation(db, conversationId);
      ending.closed = closeRun({ ...end, folded: fold([]) });
      ending.closed.catch(() => undefined);
      await vi.waitFor(async () => {
        const waiting = await database().$queryRaw<unknown[]>`
          SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
        expect(waiting).toHaveLength(1);
      });
      await db.conversation.delete({ where: { id: conversationId } });
    });
    expect(await ending.closed).toBe(false);
  });

  test("a process that was only slow can no longer write into a run that was closed", async () => {
    const { runId, played } = await begin();
    played.text("Half a");
    await read(runId, 0, (told) => textOf(told.map((one) => one.chunk)) === "Half a");
    // Its heart may beat in between, and then it is rightly left alone.
    await vi.waitFor(async () => {
      await silence(runId);
      await reap();
      expect((await readRun(runId))?.state).toBe("interrupted");
    });
    played.text(" word too late");
    await vi.waitFor(() => expect(played.asked.stop.aborted).toBe(true), { timeout: 5_000 });
    const { chunks } = await read(runId);
    expect(textOf(chunks)).toBe("Half a");
    expect((await readRun(runId))?.state).toBe("interrupted");
  });

  test("a process that is told to end closes its runs itself", async () => {
    const { asker, deps, next, runId, played } = await begin();
    played.text("Half a");
    await read(runId, 0, (told) => textOf(told.map((one) => one.chunk)) === "Half a");
    const reading = read(runId);
    await drain(0);
    const { chunks } = await reading;
    expect(textOf(chunks)).toBe("Half a");
    expect(chunks.at(-1)).toMatchObject({ type: "finish", messageMetadata: { state: "interrupted" } });
    const again = await resumeRun(deps, asker, runId);
    (await next()).decide();
    await read(again.runId);
  });

  test("a live run's heart beats", async () => {
    const { asker, runId } = await begin();
    await silence(runId);
    await vi.waitFor(
      async () => {
        const silent = await database().$queryRaw<unknown[]>`
          SELECT 1 FROM "run" WHERE "id" = ${runId}::uuid AND "heartbeat_at" < now() - interval '10 seconds'`;
        expect(silent).toHaveLength(0);
      },
      { timeout: 10_000 },
    );
    await stopRun(asker.viewerId, runId);
    await read(runId);
  });

  /** Rows as a process leaves them that dies in the middle of a reply. */
  async function orphan(viewerId: string): Promise<{ runId: string; conversationId: string }> {
    const conversationId = v7();
    const userMessageId = v7();
    const { newRun, openRun } = await import("./open.ts");
    const { addConversation } = await import("../store/conversations.ts");
    const { addMessage } = await import("../store/messages.ts");
    const { ensureViewer } = await import("../store/viewers.ts");
    const { writeEvents } = await import("../store/events.ts");
    const run = newRun({ conversationId, viewerId, userMessageId, origin: "send", preset: "fast", asking: "balanced" });
    await transaction(async (db) => {
      await ensureViewer(db, viewerId);
      await addConversation(db, { id: conversationId, viewerId, title: "Orphan", leafId: userMessageId });
      await addMessage(db, { id: userMessageId, conversationId, parentId: null, role: "user", text: "Hello" });
      await openRun(db, run);
      await writeEvents(db, run.id, 2, [
        { type: "text-start", id: "text" },
        { type: "text-delta", id: "text", delta: "Half a" },
      ]);
    });
    return { runId: run.id, conversationId };
  }
});
