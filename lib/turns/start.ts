import { v7 } from "uuid";
import type { ChatBody } from "../shared/chat.ts";
import type { Preset } from "../shared/kinds.ts";
import { notFound, Refusal, runLive } from "../shared/refusal.ts";
import { addConversation, findConversation, touchConversation } from "../store/conversations.ts";
import { isDuplicate, transaction } from "../store/database.ts";
import { addMessage, findMessage, findOwner, listTexts } from "../store/messages.ts";
import { findLiveRun, findRunOfMessage } from "../store/runs.ts";
import { ensureViewer, readSettings } from "../store/viewers.ts";
import type { TurnDependencies } from "./deliberator.ts";
import { execute } from "./execute.ts";
import { branchTo, historyOf } from "./history.ts";
import { newRun, openRun } from "./open.ts";
import { titleOf } from "./title.ts";

/** A person's request to the assistant; `viewer` is who asks and the server's own preset where he chose none. */
export type Asker = { viewerId: string; defaultPreset: Preset };

/**
 * Writes the person's message and a running run in one transaction and sets the work going; it goes on whoever listens.
 * The same id sent again is the same message: its newest run is given back and nothing starts.
 * @throws Refusal 404 (conversation, parent, or an id that is another person's), 409 `run_live` with the run's id,
 *   409 `id_taken` (the id of a reply), 413 `message_too_long`
 */
export async function startTurn(deps: TurnDependencies, asker: Asker, body: ChatBody): Promise<{ runId: string }> {
  const { viewerId } = asker;
  const messageId = body.id ?? v7();
  // The live run before all else: what is read after it knows of the reply, should that end meanwhile, and of this very
  // message, should the live run be its own because it was sent twice at once.
  const live = body.conversationId ? await liveRefusal(viewerId, body.conversationId) : null;
  const [repeated, conversation, settings] = await Promise.all([
    runOfRepeated(viewerId, messageId),
    body.conversationId ? findConversation(viewerId, body.conversationId) : null,
    readSettings(viewerId),
  ]);
  if (repeated) return repeated;
  if (body.conversationId && !conversation) throw notFound("conversation");
  // Before the parent is looked for: a live reply has an id, which its stream tells, and no row yet.
  if (live) throw live;
  const parentId = body.parentId === undefined ? (conversation?.leafId ?? null) : body.parentId;
  const texts = conversation ? await listTexts(viewerId, conversation.id) : [];
  if (parentId !== null && !texts.some((text) => text.id === parentId)) throw notFound("message to answer");

  const message = { id: messageId, role: "user" as const, text: body.text, parentId, kind: null };
  deps.check(historyOf(branchTo([...texts, message], messageId)));

  const preset = body.preset ?? settings.preset ?? asker.defaultPreset;
  const conversationId = conversation?.id ?? v7();
  const run = newRun({
    conversationId,
    viewerId,
    userMessageId: messageId,
    origin: "send",
    preset,
    asking: settings.asking,
  });
  try {
    await transaction(async (db) => {
      await ensureViewer(db, viewerId);
      if (!conversation)
        await addConversation(db, { id: conversationId, viewerId, title: titleOf(body.text), leafId: messageId });
      else if (!(await touchConversation(db, conversationId, messageId))) throw notFound("conversation");
      await addMessage(db, {
        id: messageId,
        conversationId,
        parentId,
        role: "user",
        text: body.text,
        parts: [{ type: "text", text: body.text }],
      });
      await openRun(db, run);
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const same = await runOfRepeated(viewerId, messageId);
    if (same) return same;
    throw (await liveRefusal(viewerId, conversationId)) ?? error;
  }
  void execute(deps, run, settings.systemPrompt);
  return { runId: run.id };
}

/** A new run for a message that is there already: "go on" and regenerate. The branch shown moves to what it will say. */
export async function startAgain(
  deps: TurnDependencies,
  asker: Asker,
  again: { conversationId: string; userMessageId: string; origin: "resume" | "regenerate"; preset?: Preset },
): Promise<{ runId: string }> {
  const settings = await readSettings(asker.viewerId);
  const preset = again.preset ?? settings.preset ?? asker.defaultPreset;
  const run = newRun({ ...again, viewerId: asker.viewerId, preset, asking: settings.asking });
  try {
    await transaction(async (db) => {
      if (!(await touchConversation(db, again.conversationId, again.userMessageId))) throw notFound("conversation");
      await openRun(db, run);
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw (await liveRefusal(asker.viewerId, again.conversationId)) ?? error;
  }
  void execute(deps, run, settings.systemPrompt);
  return { runId: run.id };
}

async function runOfRepeated(viewerId: string, messageId: string): Promise<{ runId: string } | null> {
  const owner = await findOwner(messageId);
  if (!owner) return null;
  if (owner.conversation.viewerId !== viewerId) throw notFound("message");
  const taken = new Refusal(409, "id_taken", "This message id is in use. Send the message again with a new id.", {
    field: "id",
  });
  if (owner.role !== "user") throw taken;
  const run = await findRunOfMessage(viewerId, messageId);
  if (!run) throw taken;
  return { runId: run.id };
}

async function liveRefusal(viewerId: string, conversationId: string): Promise<Refusal | null> {
  const live = await findLiveRun(viewerId, conversationId);
  return live && runLive(live.id);
}

/** The user's message that a reply answers, or the message itself where it is the user's. */
export async function askedMessage(viewerId: string, id: string) {
  const message = await findMessage(viewerId, id);
  if (!message) throw notFound("message");
  const userMessageId = message.role === "user" ? message.id : (message.run?.userMessageId ?? message.parentId);
  if (!userMessageId) throw notFound("message");
  return { conversationId: message.conversationId, userMessageId };
}
