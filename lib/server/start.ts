import { subscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { drain } from "../turns/live.ts";
import { startReaper } from "../turns/reaper.ts";
import { environment } from "./env.ts";
import { log } from "./log.ts";

/** What runs need longer than this is closed, and the person can go on from it. */
const graceMs = 3_000;
/** For the last words of streams whose runs have ended. */
const lastWordsMs = 1_000;
/** As a shell tells that a signal ended a process: 128 and the signal's number. */
const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * What a server process does beside answering: closes the runs of processes that died, and its own when it is told to end.
 * Models are reached at the first need.
 */
export function startServer(): void {
  startReaper(log);
  const servers = new Set<Server>();
  // Next keeps its server to itself; a request tells whose it is.
  subscribe("http.server.request.start", (message) => servers.add((message as { server: Server }).server));
  // Where Next ends the process itself (development), there is only the closing of runs to add.
  const ours = environment().endsItself;
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void (ours ? leave(servers, exitCodes[signal]) : drain(graceMs)));
}

/** Next exits as soon as no request is open, whatever still runs; `npm start` leaves its ending to us. */
async function leave(servers: ReadonlySet<Server>, exitCode: number): Promise<void> {
  const closed = [...servers].map((server) => new Promise((resolve) => server.close(resolve)));
  await drain(graceMs);
  await Promise.race([Promise.all(closed), delay(lastWordsMs)]);
  process.exit(exitCode);
}
