/**
 * How long a connection waits for a database that does not answer, in milliseconds: without these a network that swallows
 * packets holds every request for ever. No query of ours takes seconds, and a transaction may take 15 s; migrations have a
 * connection of their own, and listening is no query that lasts.
 */
export const patience = {
  /** For a connection, and for a free one where all are taken. */
  connectionTimeoutMillis: 5_000,
  query_timeout: 20_000,
  /** An idle connection whose other end is gone is noticed; the system's own first look is after two hours. */
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};
