import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { storableText } from "./storable.ts";

const summary = { id: true, title: true, pinned: true, createdAt: true, updatedAt: true, leafId: true } as const;

/** More than anybody looks through. */
const mostListed = 200;

/** Newest first, pinned ones before the others; the oldest of very many are left out. */
export function listConversations(viewerId: string) {
  return database().conversation.findMany({
    where: { viewerId },
    select: summary,
    orderBy: [{ pinned: "desc" }, { updatedAt: "desc" }],
    take: mostListed,
  });
}

const inOrder = [{ createdAt: "asc" }, { id: "asc" }] as const;

/** Every conversation with its messages and what was said of them, oldest first. */
export function listEverything(viewerId: string) {
  return database().conversation.findMany({
    where: { viewerId },
    select: {
      ...summary,
      messages: {
        select: { id: true, parentId: true, role: true, text: true, kind: true, createdAt: true },
        orderBy: [...inOrder],
      },
      feedback: { select: { messageId: true, kind: true, value: true, createdAt: true }, orderBy: [...inOrder] },
    },
    orderBy: [...inOrder],
  });
}

/** A search is made narrower, not read to its end. */
const mostFound = 50;

type Found = { id: string; title: string; pinned: boolean; updatedAt: Date; text: string | null };

/**
 * Those with every word in the title, or in one message, whose text comes along; at least one word. From the viewer's conversations
 * to their messages, never through everybody's. Case is that of all scripts, whatever the database's own order is: that takes ICU, with
 * which every packaged PostgreSQL is built.
 */
export function findConversations(viewerId: string, words: readonly string[]): Promise<Found[]> {
  const patterns = words.map((word) => `%${storableText(word).replace(/[\\%_]/gu, "\\$&")}%`);
  return database().$queryRaw<Found[]>(Prisma.sql`
    SELECT c."id", c."title", c."pinned", c."updated_at" AS "updatedAt", m."text"
    FROM "conversation" c
    LEFT JOIN LATERAL (
      SELECT "text" FROM "message"
      WHERE "conversation_id" = c."id" AND "text" COLLATE "und-x-icu" ILIKE ALL(${patterns})
      ORDER BY "created_at" DESC LIMIT 1
    ) m ON true
    WHERE c."viewer_id" = ${viewerId}::uuid
      AND (m."text" IS NOT NULL OR c."title" COLLATE "und-x-icu" ILIKE ALL(${patterns}))
    ORDER BY c."pinned" DESC, c."updated_at" DESC LIMIT ${mostFound}`);
}

export function findConversation(viewerId: string, id: string) {
  return database().conversation.findFirst({ where: { id, viewerId }, select: summary });
}

export async function addConversation(
  db: Database,
  row: { id: string; viewerId: string; title: string; leafId: string },
): Promise<void> {
  const data = { ...row, title: storableText(row.title) };
  await db.conversation.create({ data, select: { id: true } });
}

/**
 * A new message: the branch shown is now its own, and the conversation comes first in the list. It is held until the
 * transaction ends, so that writers follow one another. False where it was deleted meanwhile.
 */
export async function touchConversation(db: Database, id: string, leafId: string): Promise<boolean> {
  const { count } = await db.conversation.updateMany({ where: { id }, data: { leafId, updatedAt: new Date() } });
  return count === 1;
}

/** Holds the conversation until the transaction ends. Whoever writes its run too holds it first: two in two orders deadlock. */
export async function lockConversation(db: Database, id: string): Promise<void> {
  await db.$queryRaw(Prisma.sql`SELECT 1 FROM "conversation" WHERE "id" = ${id}::uuid FOR UPDATE`);
}

/** The reply is there: show it, unless the person has meanwhile turned to another branch. */
export async function moveLeaf(db: Database, id: string, from: string, to: string): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    UPDATE "conversation" SET "updated_at" = now(),
      "leaf_id" = CASE WHEN "leaf_id" = ${from}::uuid THEN ${to}::uuid ELSE "leaf_id" END
    WHERE "id" = ${id}::uuid`);
}

/** False where the viewer has no such conversation. */
export async function changeConversation(
  viewerId: string,
  id: string,
  changes: { title?: string; pinned?: boolean; leafId?: string },
): Promise<boolean> {
  const { title } = changes;
  const data = { ...changes, ...(title === undefined ? {} : { title: storableText(title) }) };
  const { count } = await database().conversation.updateMany({ where: { id, viewerId }, data });
  return count === 1;
}

/** Deletes the conversation and everything made of it, feedback and journal included. */
export async function removeConversation(viewerId: string, id: string): Promise<boolean> {
  const { count } = await database().conversation.deleteMany({ where: { id, viewerId } });
  return count === 1;
}
