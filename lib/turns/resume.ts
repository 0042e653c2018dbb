import { notFound, Refusal } from "../shared/refusal.ts";
import { findRun } from "../store/runs.ts";
import type { TurnDependencies } from "./deliberator.ts";
import { type Asker, startAgain } from "./start.ts";

/**
 * "Go on": a new run for the user's message of one that was stopped, failed or was interrupted.
 * @throws Refusal 404, 409 `run_live` while a run of the conversation is live, 409 `run_done` where the reply is whole
 */
export async function resumeRun(deps: TurnDependencies, asker: Asker, runId: string): Promise<{ runId: string }> {
  const run = await findRun(asker.viewerId, runId);
  if (!run) throw notFound("reply");
  if (run.state === "done")
    throw new Refusal(409, "run_done", "This reply is whole. Use regenerate for another one.", { runId });
  const { conversationId, userMessageId, preset } = run;
  return startAgain(deps, asker, { conversationId, userMessageId, preset, origin: "resume" });
}
