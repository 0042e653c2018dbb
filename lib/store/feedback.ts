import { v7 } from "uuid";
import type { FeedbackKind } from "../shared/feedback.ts";
import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { storable } from "./storable.ts";

export type NewFeedback = {
  viewerId: string;
  conversationId: string;
  messageId: string;
  kind: FeedbackKind;
  /** Null takes the earlier word of this kind back. */
  value: unknown;
  candidates: object[];
  candidateId: string | null;
  policyName: string | null;
  policyVersion: string | null;
  propensity: number | null;
  interfaceVersion: string;
};

export async function addFeedback(db: Database, row: NewFeedback): Promise<void> {
  const value = row.value === null ? Prisma.DbNull : (storable(row.value) as Prisma.InputJsonValue);
  await db.feedback.create({ data: { ...row, id: v7(), value }, select: { id: true } });
}

/** Everything said of a conversation's replies, oldest first, so that the last row of a kind is the one that holds. */
export function listFeedback(viewerId: string, conversationId: string) {
  return database().feedback.findMany({
    where: { viewerId, conversationId },
    select: { messageId: true, kind: true, value: true, createdAt: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
}
