import type { Kind } from "../shared/kinds.ts";
import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { storable, storableText } from "./storable.ts";

export type NewMessage = {
  id: string;
  conversationId: string;
  parentId: string | null;
  role: "user" | "assistant";
  text: string;
  kind?: Kind | null;
  parts?: unknown[];
  runId?: string;
  candidateId?: string | null;
  insteadOfId?: string;
};

export async function addMessage(db: Database, message: NewMessage): Promise<void> {
  const { parts = [], text, ...rest } = message;
  const data = { ...rest, text: storableText(text), parts: storable(parts) as object[] };
  await db.message.create({ data, select: { id: true } });
}

/** One message of the viewer's, with the run that made it. */
export function findMessage(viewerId: string, id: string) {
  return database().message.findFirst({
    where: { id, conversation: { viewerId } },
    include: { run: { select: { id: true, state: true, userMessageId: true, preset: true, startedAt: true } } },
  });
}

/** Is the id taken, by whomever? Only the sender's own may be told apart from a stranger's. */
export function findOwner(id: string) {
  return database().message.findUnique({
    where: { id },
    select: { role: true, conversationId: true, conversation: { select: { viewerId: true } } },
  });
}

/** Every message of a conversation, oldest first, without decisions and rollouts. */
export function listMessages(viewerId: string, conversationId: string) {
  return database().message.findMany({
    where: { conversationId, conversation: { viewerId } },
    include: { run: { select: { id: true, state: true, userMessageId: true } } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
}

/** Ids, parents and words of a conversation: what a history is walked from. */
export function listTexts(viewerId: string, conversationId: string) {
  return database().message.findMany({
    where: { conversationId, conversation: { viewerId } },
    select: { id: true, parentId: true, role: true, text: true, kind: true },
  });
}

/** The message that shows this candidate of a run already: the reply itself, or a branch that "use this one instead" made. */
export function findShowing(db: Database, runId: string, candidateId: string) {
  return db.message.findFirst({
    where: { runId, candidateId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true },
  });
}
