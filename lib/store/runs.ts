import type { Asking, Preset, RunState } from "../shared/kinds.ts";
import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { announce } from "./listen.ts";

export type NewRun = {
  id: string;
  conversationId: string;
  viewerId: string;
  userMessageId: string;
  messageId: string;
  origin: "send" | "resume" | "regenerate";
  preset: Preset;
  asking: Asking;
  policyName: string;
  policyVersion: string;
  seed: number;
};

/** @throws a duplicate (isDuplicate) while another run of the conversation is live. */
export function addRun(db: Database, run: NewRun) {
  return db.run.create({ data: run });
}

export function findRun(viewerId: string, id: string) {
  return database().run.findFirst({ where: { id, conversation: { viewerId } } });
}

export function findLiveRun(viewerId: string, conversationId: string, db: Database = database()) {
  return db.run.findFirst({ where: { conversationId, state: "running", conversation: { viewerId } } });
}

export function listLiveRuns(viewerId: string) {
  return database().run.findMany({ where: { viewerId, state: "running" }, select: { id: true } });
}

/** The newest attempt to reply to a message. */
export function findRunOfMessage(viewerId: string, userMessageId: string) {
  return database().run.findFirst({
    where: { userMessageId, conversation: { viewerId } },
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
  });
}

/** Asks whichever process holds the run to stop, or to answer now. Nothing happens to a run that has ended. */
export async function flagRun(id: string, flag: "stopRequested" | "answerNow"): Promise<void> {
  await database().run.updateMany({ where: { id, state: "running" }, data: { [flag]: true } });
  await announce("control", id);
}

export type Flags = { id: string; stopRequested: boolean; answerNow: boolean };

/** The flags of those of `ids` that still run; a run that is missing here was closed by somebody else, or deleted. */
export function readFlags(ids: readonly string[]): Promise<Flags[]> {
  return database().run.findMany({
    where: { id: { in: [...ids] }, state: "running" },
    select: { id: true, stopRequested: true, answerNow: true },
  });
}

/** Times are the database's, so that the clocks of several hosts need not agree. */
export async function beat(ids: readonly string[]): Promise<void> {
  await database().$executeRaw(
    Prisma.sql`UPDATE "run" SET "heartbeat_at" = now() WHERE "id" = ANY(${[...ids]}::uuid[]) AND "state" = 'running'`,
  );
}

/** Runs that nobody has beaten the heart of for `seconds`. */
export function listSilent(seconds: number): Promise<{ id: string }[]> {
  return database().$queryRaw<{ id: string }[]>(
    Prisma.sql`SELECT "id" FROM "run" WHERE "state" = 'running' AND "heartbeat_at" < now() - make_interval(secs => ${seconds}) LIMIT 100`,
  );
}

export function readRun(id: string) {
  return database().run.findUnique({ where: { id } });
}

/** Ends a run exactly once: null where it had ended already, and then nothing more may be written of it. */
export async function endRun(
  db: Database,
  id: string,
  state: Exclude<RunState, "running">,
  errorCode: string | null,
  silentFor?: number,
): Promise<{ answerNow: boolean } | null> {
  const silent =
    silentFor === undefined
      ? Prisma.empty
      : Prisma.sql`AND "heartbeat_at" < now() - make_interval(secs => ${silentFor})`;
  const [ended] = await db.$queryRaw<{ answerNow: boolean }[]>(
    Prisma.sql`UPDATE "run" SET "state" = ${state}::run_state, "ended_at" = now(), "error_code" = ${errorCode}
      WHERE "id" = ${id}::uuid AND "state" = 'running' ${silent}
      RETURNING "answer_now" AS "answerNow"`,
  );
  return ended ?? null;
}
