import { safeValidateTypes } from "@ai-sdk/provider-utils";
import { uiMessageChunkSchema } from "ai";
import { v7 } from "uuid";
import { afterAll, describe, expect, test, vi } from "vitest";
import { conversationViewSchema } from "../shared/chat.ts";
import { dataSchemas, metadataSchema } from "../shared/events.ts";
import { decisionSchema } from "../shared/record.ts";
import { sampleDecision } from "../shared/sample-decision.ts";
import { database, disconnect } from "../store/client.ts";
import { removeConversation } from "../store/conversations.ts";
import { readDecision } from "../store/decisions.ts";
import { stopListening } from "../store/listen.ts";
import { readRun } from "../store/runs.ts";
import { isData } from "./chunk.ts";
import { viewDecision } from "./decision.ts";
import { fold, partsOf, replay } from "./fold.ts";
import { regenerate } from "./regenerate.ts";
import { resumeRun } from "./resume.ts";
import { answerNow, stopRun } from "./signal.ts";
import { startAgain, startTurn } from "./start.ts";
import { atNextRead, begin, newAsker, playedTurns, read, refusal, textOf, usageRow } from "./test-double.ts";
import { viewConversation, viewConversations } from "./view.ts";

afterAll(async () => {
  await stopListening();
  await disconnect();
});

const stage = (done: number) =>
  ({ type: "stage", stage: { stage: "trying", done, total: 12, block: 0, at: done * 10 } }) as const;
const cell = (state: "waiting" | "done") =>
  ({ type: "cell", cell: { block: 0, candidateId: "ask", intentId: "repair", index: 0, state } }) as const;

describe("a turn", () => {
  test("goes from message to stored reply, and every reader sees the same", async () => {
    const { asker, runId, run, played } = await begin();
    const early = read(runId);
    played.say({ type: "readings", readings: { intents: sampleDecision().intents, unclear: "what about" } });
    played.say(
      { type: "candidate", candidate: { id: "ask", kind: "ask", state: "drafted" } },
      cell("waiting"),
      stage(3),
    );
    played.text("What is ", "it about?");
    played.decide();
    const { chunks } = await early;
    const late = await read(runId);

    expect(textOf(chunks)).toBe("What is it about?");
    expect(chunks[0]).toMatchObject({ type: "start", messageId: run.messageId });
    expect(chunks.at(-1)).toMatchObject({ type: "finish", messageMetadata: { state: "done" } });
    expect(late.chunks.map((chunk) => chunk.type)).toEqual(replay(fold(chunks)).map((chunk) => chunk.type));
    expect(late.chunks.filter((chunk) => chunk.type === "text-delta")).toHaveLength(1);

    const view = conversationViewSchema.parse(await viewConversation(asker.viewerId, run.conversationId));
    expect(view.liveRun).toBeNull();
    expect(view.leafId).toBe(run.messageId);
    expect(view.messages.map((message) => message.role)).toEqual(["user", "assistant"]);
    expect(view.messages[1]).toMatchObject({ text: "What is it about?", kind: "ask", state: "done", runId });
    expect(view.messages[1]?.parts).toEqual(JSON.parse(JSON.stringify(partsOf(fold(chunks)))));
    expect(await viewConversations(asker.viewerId)).toMatchObject([{ title: "Write an email to my landlord" }]);
  });

  test("speaks the AI SDK's protocol: every chunk fits its schema, every data part ours", async () => {
    const { runId, played } = await begin();
    const all = read(runId);
    played.say(stage(1), cell("waiting"), {
      type: "candidate",
      candidate: { id: "ask", kind: "ask", state: "drafting" },
    });
    played.text("Whole.");
    played.decide();
    const chunks = [...(await all).chunks, ...(await read(runId)).chunks];
    for (const chunk of chunks) {
      const checked = await safeValidateTypes({ value: chunk, schema: uiMessageChunkSchema });
      expect(checked.success, JSON.stringify(chunk)).toBe(true);
      if (isData(chunk)) dataSchemas[chunk.type.slice(5) as keyof typeof dataSchemas].parse(chunk.data);
      if ("messageMetadata" in chunk) metadataSchema.parse(chunk.messageMetadata);
    }
  });

  test("its decision record comes back as it went in, for its owner alone", async () => {
    const { asker, runId, run, played } = await begin();
    const record = { ...sampleDecision(), notes: ["a NUL \0 and half a character \ud800 from a model"] };
    played.asked.onCall(usageRow);
    played.text("Text.");
    played.decide(record);
    await read(runId);
    const view = await viewDecision(asker.viewerId, run.messageId);
    const notes = ["a NUL \uFFFD and half a character \uFFFD from a model"];
    expect(view.decision).toEqual(decisionSchema.parse({ ...record, notes }));
    expect(view).toMatchObject({ messageId: run.messageId, runId, shownId: "ask" });
    expect((await refusal(viewDecision(v7(), run.messageId))).status).toBe(404);
    expect(await database().usage.findMany({ where: { runId } })).toMatchObject([{ purpose: "answer", tokensOut: 7 }]);
  });

  test("a turn that the gate released is rolled out afterwards where it was drawn for an audit", async () => {
    const { asker, next, runId, run, played } = await begin();
    played.text("From the table alone.");
    played.decide({ ...sampleDecision(), path: "prior", stopReason: "gate", audit: true });
    await read(runId);
    const audit = await next();
    expect(audit.asked).toMatchObject({ mode: "audit", seed: Number(run.seed) });
    audit.decide(sampleDecision());
    await vi.waitFor(async () => expect((await readDecision(runId, "audit"))?.record.path).toBe("lookahead"));
    expect((await viewDecision(asker.viewerId, run.messageId)).decision.path).toBe("prior");
  });

  test("a reader with a cursor gets only what came later", async () => {
    const { runId, played } = await begin();
    played.text("One ");
    const first = await read(runId, 0, (told) => textOf(told.map((one) => one.chunk)) === "One ");
    const cursor = first.told.at(-1)?.seq ?? 0;
    expect(cursor).toBeGreaterThan(2);
    const rest = read(runId, cursor);
    played.text("two.");
    played.decide();
    expect(textOf((await rest).chunks)).toBe("two.");
    expect((await rest).chunks.some((chunk) => chunk.type === "start")).toBe(false);
  });

  test("a reader who comes in the middle gets the past folded and then the live rest", async () => {
    const { asker, run, runId, played } = await begin();
    played.say(stage(1), stage(2), cell("waiting"));
    played.text("One ");
    await read(runId, 0, (told) => textOf(told.map((one) => one.chunk)) === "One ");
    played.say(stage(3), cell("done"));
    played.text("two ");
    const middle = read(runId);
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.liveRun).toEqual({ runId, userMessageId: run.userMessageId, messageId: run.messageId });
    expect(view.leafId).toBe(run.messageId);
    expect(view.messages[1]).toMatchObject({ id: run.messageId, state: "running" });
    played.text("three.");
    played.decide();
    const { chunks } = await middle;
    expect(textOf(chunks)).toBe("One two three.");
    expect(chunks.filter((chunk) => chunk.type === "start")).toHaveLength(1);
  });

  test.each([
    ["before the run is looked up", "run", "before"],
    ["after the run was looked up", "run", "after"],
    ["before the messages are read", "conversation", "after"],
  ] as const)("a reply that ends %s is in the view", async (_, model, when) => {
    const { asker, run, runId, played } = await begin();
    played.text("Just in time.");
    atNextRead(model, when, async () => {
      played.decide();
      await read(runId);
    });
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.leafId).toBe(run.messageId);
    expect(view.messages.find((message) => message.id === run.messageId)?.text).toBe("Just in time.");
  });

  test("a reply that ends without a word between two reads is in the view, as its leaf is", async () => {
    const { asker, run, runId, played } = await begin();
    atNextRead("conversation", "after", async () => {
      played.fail(new Error("nothing came"));
      await read(runId);
    });
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.messages.map((message) => message.id)).toContain(view.leafId);
  });

  test("the work goes on when nobody reads", async () => {
    const { asker, run, runId, played } = await begin();
    await read(runId, 0, () => true);
    played.text("Nobody heard this.");
    played.decide();
    await vi.waitFor(async () => expect((await readRun(runId))?.state).toBe("done"));
    const view = await viewConversation(asker.viewerId, run.conversationId);
    expect(view.messages[1]?.text).toBe("Nobody heard this.");
  });

  test("a character that comes in two halves is kept whole", async () => {
    const { runId, played } = await begin();
    const reading = read(runId);
    played.text("a\ud83d");
    await read(runId, 0, (told) => textOf(told.map((one) => one.chunk)) === "a");
    played.text("\ude00b");
    played.decide();
    expect(textOf((await reading).chunks)).toBe("a😀b");
  });

  test("the next turn reads the branch so far, and knows how many questions it may put", async () => {
    const { asker, deps, next, run, runId, played } = await begin();
    played.text("What about?");
    played.decide();
    await read(runId);
    const second = await startTurn(deps, asker, { conversationId: run.conversationId, text: "The heating" });
    const { asked, ...playing } = await next();
    expect(asked.history).toEqual([
      { role: "user", text: "Write an email to my landlord" },
      { role: "assistant", text: "What about?" },
      { role: "user", text: "The heating" },
    ]);
    expect(asked.questionBudget).toBe(2);
    playing.decide();
    await read(second.runId);
  });
});

describe("sending", () => {
  test("the same message again is the same message and the same run", async () => {
    const { asker, deps, run, runId, userMessageId, played } = await begin();
    const body = { id: userMessageId, text: "Write an email to my landlord" };
    expect(await startTurn(deps, asker, body)).toEqual({ runId });
    played.decide();
    await read(runId);
    expect(await startTurn(deps, asker, body)).toEqual({ runId });
    expect(await database().message.count({ where: { conversationId: run.conversationId } })).toBe(2);
    const ofReply = startTurn(deps, asker, { ...body, id: run.messageId });
    expect(await refusal(ofReply)).toMatchObject({ status: 409, code: "id_taken", field: "id" });
  });

  test("ten at once of the same message are one run", async () => {
    const asker = newAsker();
    const { deps, next } = playedTurns();
    const body = { id: v7(), text: "Once" };
    const started = await Promise.all(Array.from({ length: 10 }, () => startTurn(deps, asker, body)));
    expect(new Set(started.map((one) => one.runId)).size).toBe(1);
    expect(await database().run.count({ where: { viewerId: asker.viewerId } })).toBe(1);
    (await next()).decide();
    await read(started[0]?.runId ?? "");
  });

  test("one of two sends at once that finds the other's run live is given it", async () => {
    const { asker, deps, next, run, runId, played } = await begin();
    played.decide();
    await read(runId);
    const send = () => startTurn(deps, asker, body);
    const body = { id: v7(), conversationId: run.conversationId, text: "Once more" };
    let first: ReturnType<typeof send> | undefined;
    atNextRead("run", "before", () => {
      first = send();
      return first;
    });
    const second = await send();
    expect(second).toEqual(await first);
    (await next()).decide();
    await read(second.runId);
  });

  test("a second message while one is answered is refused with the live run's id, and nothing is written", async () => {
    const { asker, deps, run, runId, played } = await begin();
    const second = startTurn(deps, asker, { conversationId: run.conversationId, text: "And another" });
    expect(await refusal(second)).toMatchObject({ status: 409, code: "run_live", runId });
    expect((await refusal(resumeRun(deps, asker, runId))).runId).toBe(runId);
    // The reply that is being written has an id, which its stream told, but no row to answer yet.
    const parentId = run.messageId;
    const answering = startTurn(deps, asker, { conversationId: run.conversationId, parentId, text: "Go on" });
    expect(await refusal(answering)).toMatchObject({ status: 409, code: "run_live", runId });
    expect(await database().message.count({ where: { conversationId: run.conversationId } })).toBe(1);
    played.decide();
    await read(runId);
  });

  test("of two messages at the same moment one is answered, and the other is told which", async () => {
    const { asker, deps, next, run, runId, played } = await begin();
    played.decide();
    await read(runId);
    const say = (text: string) => startTurn(deps, asker, { conversationId: run.conversationId, text });
    const both = await Promise.allSettled([say("One"), say("Two")]);
    const taken = both.flatMap((one) => (one.status === "fulfilled" ? [one.value.runId] : []));
    const refused = both.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(taken).toHaveLength(1);
    expect(refused).toMatchObject([{ status: 409, code: "run_live", runId: taken[0] }]);
    (await next()).decide();
    await read(taken[0] ?? "");
  });

  test("a message sent while the reply before it ends answers that reply", async () => {
    const { asker, deps, next, run, runId, played } = await begin();
    atNextRead("run", "before", async () => {
      played.decide();
      await read(runId);
    });
    const second = await startTurn(deps, asker, { conversationId: run.conversationId, text: "And then?" });
    const message = await database().message.findFirst({
      where: { conversationId: run.conversationId, text: "And then?" },
    });
    expect(message?.parentId).toBe(run.messageId);
    (await next()).decide();
    await read(second.runId);
  });

  test("what belongs to others does not exist", async () => {
    const { deps, run, runId, userMessageId, played } = await begin();
    const other = newAsker();
    const { conversationId } = run;
    const text = "Mine now";
    expect((await refusal(startTurn(deps, other, { conversationId, text }))).status).toBe(404);
    expect((await refusal(startTurn(deps, other, { conversationId: v7(), text }))).status).toBe(404);
    expect((await refusal(startTurn(deps, other, { parentId: userMessageId, text }))).status).toBe(404);
    expect((await refusal(startTurn(deps, other, { id: userMessageId, text }))).status).toBe(404);
    expect((await refusal(stopRun(other.viewerId, runId))).status).toBe(404);
    expect((await refusal(answerNow(other.viewerId, runId))).status).toBe(404);
    expect((await refusal(resumeRun(deps, other, runId))).status).toBe(404);
    expect((await refusal(viewConversation(other.viewerId, conversationId))).status).toBe(404);
    expect(await viewConversations(other.viewerId)).toEqual([]);
    played.decide();
    await read(runId);
    expect((await refusal(regenerate(deps, other, run.messageId))).status).toBe(404);
  });

  test("a conversation that is deleted while a reply is asked for again is gone, not broken", async () => {
    const { asker, deps, userMessageId, run, runId, played } = await begin();
    played.decide();
    await read(runId);
    expect(await removeConversation(asker.viewerId, run.conversationId)).toBe(true);
    const again = { conversationId: run.conversationId, userMessageId, origin: "regenerate" as const };
    expect((await refusal(startAgain(deps, asker, again))).status).toBe(404);
  });

  test("an edit is a sibling of the edited message", async () => {
    const { asker, deps, next, run, runId, userMessageId, played } = await begin();
    played.text("First.");
    played.decide();
    await read(runId);
    const body = { conversationId: run.conversationId, parentId: null, text: "Write a letter" };
    const { runId: second } = await startTurn(deps, asker, body);
    const edited = await next();
    expect(edited.asked.history).toEqual([{ role: "user", text: "Write a letter" }]);
    edited.text("Second.");
    edited.decide();
    await read(second);
    const view = await viewConversation(asker.viewerId, run.conversationId);
    const roots = view.messages.filter((message) => message.parentId === null).map((message) => message.id);
    expect(roots).toHaveLength(2);
    expect(roots).toContain(userMessageId);
    expect(view.messages.find((message) => message.id === view.leafId)?.text).toBe("Second.");
  });

  test("regenerate makes a sibling of the reply", async () => {
    const { asker, deps, next, run, runId, played } = await begin();
    played.text("First.");
    played.decide();
    await read(runId);
    const again = await regenerate(deps, asker, run.messageId);
    const second = await next();
    second.text("Second.");
    second.decide();
    await read(again.runId);
    const view = await viewConversation(asker.viewerId, run.conversationId);
    const replies = view.messages.filter((message) => message.role === "assistant");
    expect(replies.map((reply) => [reply.parentId, reply.text])).toEqual([
      [run.userMessageId, "First."],
      [run.userMessageId, "Second."],
    ]);
  });
});
