import { notFound } from "../shared/refusal.ts";
import type { RunAnswer } from "../shared/routes.ts";
import { findRun, flagRun } from "../store/runs.ts";

async function signalRun(viewerId: string, runId: string, flag: "stopRequested" | "answerNow"): Promise<RunAnswer> {
  const run = await findRun(viewerId, runId);
  if (!run) throw notFound("reply");
  if (run.state === "running") await flagRun(runId, flag);
  return { runId, state: run.state };
}

/** Stops a run, whichever process works on it; its model calls end within a second, its text stays. May be repeated. @throws Refusal 404 */
export const stopRun = (viewerId: string, runId: string) => signalRun(viewerId, runId, "stopRequested");

/** Ends the deliberation, not the reply: the best candidate so far is released. May be repeated. @throws Refusal 404 */
export const answerNow = (viewerId: string, runId: string) => signalRun(viewerId, runId, "answerNow");
