import { randomBytes } from "node:crypto";
import { v7 } from "uuid";
import { presetPolicies } from "../engine/index.ts";
import type { Database } from "../store/database.ts";
import { writeEvents } from "../store/events.ts";
import { addRun, type NewRun } from "../store/runs.ts";
import { type Chunk, opening } from "./chunk.ts";

/** A run that has begun: its row, with the moment it began. */
export type StartedRun = NewRun & { startedAt: Date };

type Asked = Pick<NewRun, "conversationId" | "viewerId" | "userMessageId" | "origin" | "preset" | "asking">;

/** A run to be opened: its ids, its seed and the policy of its preset. */
export function newRun(asked: Asked): StartedRun {
  const { conversationId, viewerId, userMessageId, origin, preset, asking } = asked;
  const { name, version } = presetPolicies[preset];
  return {
    id: v7(),
    messageId: v7(),
    conversationId,
    viewerId,
    userMessageId,
    origin,
    preset,
    asking,
    policyName: name,
    policyVersion: version,
    seed: randomBytes(4).readUInt32LE(),
    startedAt: new Date(),
  };
}

/** The run's row and the beginning of its journal, so that no reader ever finds a journal that is empty. */
export async function openRun(db: Database, run: StartedRun): Promise<void> {
  await addRun(db, run);
  await writeEvents(db, run.id, 0, openingOf(run));
}

/** The first chunks of a run's journal. */
export function openingOf(run: StartedRun): [Chunk, Chunk] {
  const { id: runId, messageId, conversationId, userMessageId, preset } = run;
  const startedAt = run.startedAt.toISOString();
  return opening(messageId, { runId, conversationId, userMessageId, preset, startedAt }, userMessageId);
}
