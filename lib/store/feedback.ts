import { v7 } from "uuid";
import { type FeedbackKind, interfaceVersion } from "../shared/feedback.ts";
import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { readCandidateSet } from "./decisions.ts";
import { Prisma } from "./generated/client.ts";
import { storable } from "./storable.ts";

/** A reply of which something is said: the candidate it shows and the run that made it, where it has them. */
export type Judged = { id: string; conversationId: string; runId: string | null; candidateId: string | null };

/** Appends one row: what was said, with everything that could have been shown instead and the policy that chose. */
export async function appendFeedback(
  db: Database,
  viewerId: string,
  reply: Judged,
  kind: FeedbackKind,
  value: unknown,
): Promise<void> {
  const set = reply.runId ? await readCandidateSet(db, reply.runId) : null;
  const shown = reply.candidateId ?? set?.chosenId ?? null;
  await db.feedback.create({
    data: {
      id: v7(),
      viewerId,
      conversationId: reply.conversationId,
      messageId: reply.id,
      kind,
      // Null takes the earlier word of this kind back.
      value: value === null ? Prisma.DbNull : (storable(value) as Prisma.InputJsonValue),
      candidates: (set?.candidates ?? []).map(({ posteriorMean, ...rest }) => ({ ...rest, mean: posteriorMean })),
      candidateId: shown,
      policyName: set?.policyName ?? null,
      policyVersion: set?.policyVersion ?? null,
      propensity: set?.candidates.find((candidate) => candidate.id === shown)?.propensity ?? null,
      interfaceVersion,
    },
    select: { id: true },
  });
}

/** Everything said of a conversation's replies, oldest first, so that the last row of a kind is the one that holds. */
export function listFeedback(viewerId: string, conversationId: string) {
  return database().feedback.findMany({
    where: { viewerId, conversationId },
    select: { messageId: true, kind: true, value: true, createdAt: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
}
