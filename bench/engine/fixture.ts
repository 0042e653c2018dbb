import type { Row } from "./summary.ts";

/** A row of a table, for tests; what they do not look at says nothing. */
export const row = (policy: string, rollouts: number, regret: number, changes: Partial<Row> = {}): Row => ({
  setting: "slots-ambiguous",
  policy,
  rollouts,
  calls: 0,
  regret,
  regret_lo: regret,
  regret_hi: regret,
  clear_without_rollout: null,
  ask_clear: null,
  ask_ambiguous: null,
  cpu_ms: 0,
  ...changes,
});
