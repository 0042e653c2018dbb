import { drain } from "../turns/live.ts";
import { startReaper } from "../turns/reaper.ts";
import { log } from "./log.ts";

/** Next lets readers' streams end before it exits; what needs longer is closed, and the person can go on from it. */
const graceMs = 3_000;

/** What a server process does beside answering: closes the runs of processes that died. Models are reached at the first need. */
export function startServer(): void {
  startReaper(log);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void drain(graceMs));
}
