import { database } from "./client.ts";
import { Prisma } from "./generated/client.ts";

/** What a repository writes through: the pool, or the transaction its caller holds. */
export type Database = Prisma.TransactionClient;

/** Everything `work` writes is written, or nothing is. `work` may run a few seconds at most: it holds a connection. */
export function transaction<T>(work: (database: Database) => Promise<T>): Promise<T> {
  return database().$transaction(work, { maxWait: 5_000, timeout: 15_000 });
}

/** Did the database refuse a second row of the same key? What key it was differs between drivers; look the row up instead. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: unknown }).code === "P2002";
}

/** Resolves when the database answers. */
export async function ping(): Promise<void> {
  await database().$queryRaw(Prisma.sql`SELECT 1`);
}
