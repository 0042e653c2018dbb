import { PrismaPg } from "@prisma/adapter-pg";
import { environment } from "../server/env.ts";
import { PrismaClient } from "./generated/client.ts";
import { patience } from "./patience.ts";

function connect(): PrismaClient {
  const { databaseUrl } = environment();
  if (!databaseUrl) throw new Error("DATABASE_URL is not set. `npm start` and `npm run dev` set it.");
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: 20, ...patience }) });
}

/** One client a process: on globalThis, because development reloads this module and would open pool after pool. */
const shared = globalThis as typeof globalThis & { parleyDatabase?: PrismaClient };

/** The database, connected at first use so that a build can load this module without one. */
export function database(): PrismaClient {
  shared.parleyDatabase ??= connect();
  return shared.parleyDatabase;
}

/** Closes the pool; for tests and scripts, whose process should end. */
export async function disconnect(): Promise<void> {
  await shared.parleyDatabase?.$disconnect();
  delete shared.parleyDatabase;
}
