import { startReaper } from "../turns/reaper.ts";
import { log } from "./log.ts";
import { models } from "./models.ts";

/** What a server process does beside answering: closes the runs of processes that died, and gets to know its models. */
export function startServer(): void {
  startReaper(log);
  models().catch(() => undefined);
}
