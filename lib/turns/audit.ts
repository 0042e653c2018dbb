import { describeError } from "../shared/describe-error.ts";
import { database } from "../store/client.ts";
import { transaction } from "../store/database.ts";
import { addDecision } from "../store/decisions.ts";
import { listTexts } from "../store/messages.ts";
import { addUsage, type UsageRow } from "../store/usage.ts";
import type { TurnDependencies } from "./deliberator.ts";
import { branchTo, historyOf, questionBudgetOf } from "./history.ts";
import type { StartedRun } from "./open.ts";

/** The engine's own deadlines end an audit; this one is for models that hang. */
const longestMs = 600_000;

/**
 * Rolls a turn out that the gate released without a rollout, and keeps what that showed beside its decision. A few turns in a
 * hundred get one: so a table that is useless or inverted is noticed, and trust in it falls. Nobody waits for it, and it
 * speaks to the models in the background; one that fails is a line in the log and what its calls used.
 */
export async function auditTurn(deps: TurnDependencies, run: StartedRun, systemPrompt: string): Promise<void> {
  const usage: UsageRow[] = [];
  try {
    const branch = branchTo(await listTexts(run.viewerId, run.conversationId), run.userMessageId);
    const { preset, asking, seed } = run;
    const events = deps.deliberate({
      history: historyOf(branch),
      questionBudget: questionBudgetOf(branch),
      systemPrompt,
      mode: "audit",
      preset,
      asking,
      seed,
      stop: AbortSignal.timeout(longestMs),
      answerNow: new AbortController().signal,
      onCall: (row) => usage.push(row),
    });
    for await (const event of events) {
      if (event.type !== "decision") continue;
      await transaction((db) => addDecision(db, run.id, event.record, "audit"));
    }
  } catch (error) {
    deps.log.info({ run: run.id, error: describeError(error) }, "audit given up");
  }
  // Its calls were made however it ended.
  if (usage.length > 0)
    await addUsage(database(), run.id, usage).catch((error: unknown) =>
      deps.log.info({ run: run.id, error: describeError(error) }, "audit's usage lost"),
    );
}
