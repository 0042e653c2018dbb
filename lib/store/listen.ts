import pg from "pg";
import { environment } from "../server/env.ts";
import { database } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { patience } from "./patience.ts";

/** The channel on which a process hears that a journal has grown or a flag was set. */
export const channel = "parley_run";
export type Topic = "journal" | "control";
type Handler = () => void;

type Listener = { handlers: Map<string, Set<Handler>>; client: pg.Client | null; retry: NodeJS.Timeout | null };

/** One listening connection a process, on globalThis because development reloads this module. */
const shared = globalThis as typeof globalThis & { parleyListener?: Listener };

/** Tells every process that a run's journal grew, or that one of its flags was set. */
export async function announce(topic: Topic, runId: string): Promise<void> {
  await database().$queryRaw(Prisma.sql`SELECT pg_notify(${channel}, ${`${topic}:${runId}`})::text AS told`);
}

/**
 * Calls `handler` whenever `topic` of that run is announced, until the returned function is called. A hint, not a promise:
 * announcements during a lost connection are lost, so whoever listens also looks for himself now and then.
 */
export function listen(topic: Topic, runId: string, handler: Handler): () => void {
  shared.parleyListener ??= { handlers: new Map(), client: null, retry: null };
  const listener = shared.parleyListener;
  const key = `${topic}:${runId}`;
  const handlers = listener.handlers.get(key) ?? new Set();
  listener.handlers.set(key, handlers.add(handler));
  if (!listener.client && !listener.retry) connect(listener);
  return () => {
    handlers.delete(handler);
    if (handlers.size === 0 && listener.handlers.get(key) === handlers) listener.handlers.delete(key);
  };
}

function connect(listener: Listener): void {
  const client = new pg.Client({ connectionString: environment().databaseUrl, ...patience });
  listener.client = client;
  const lost = () => {
    if (listener.client !== client) return;
    listener.client = null;
    listener.retry = setTimeout(() => {
      listener.retry = null;
      connect(listener);
    }, 1_000).unref();
    client.end().catch(() => undefined);
  };
  client.on("error", lost);
  client.on("end", lost);
  client.on("notification", ({ payload }) => {
    for (const handler of listener.handlers.get(payload ?? "") ?? []) handler();
  });
  client
    .connect()
    .then(() => client.query(`LISTEN ${channel}`))
    // What was announced before this moment went unheard: let everybody look once.
    .then(() => {
      for (const handlers of listener.handlers.values()) for (const handler of handlers) handler();
    })
    .catch(lost);
}

/** Closes the connection; for tests and scripts, whose process should end. */
export async function stopListening(): Promise<void> {
  const listener = shared.parleyListener;
  delete shared.parleyListener;
  if (listener?.retry) clearTimeout(listener.retry);
  const client = listener?.client;
  if (listener) listener.client = null;
  await client?.end();
}
