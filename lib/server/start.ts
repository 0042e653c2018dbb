import { startReaper } from "../turns/reaper.ts";
import { log } from "./log.ts";

/** What a server process does beside answering: closes the runs of processes that died. Models are reached at the first need. */
export function startServer(): void {
  startReaper(log);
}
