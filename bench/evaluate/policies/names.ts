/**
 * The policies that can be named on the command line. `always_*` and `bag_of_words` stand beside every kind-1 score
 * without being asked for; the others run through lib/engine and lib/models.
 */
export const POLICY_NAMES: readonly string[] = [
  "check",
  "table",
  "parley",
  "fast",
  "balanced",
  "deep",
  "reference",
  "direct",
  "proactive",
  "always_ask",
  "always_answer",
  "always_assume",
  "bag_of_words",
];

/** Decided without a model in kind 1. */
export const BASELINES: readonly string[] = ["always_ask", "always_answer", "always_assume", "bag_of_words"];

/** These decide nothing that could be said in a conversation. */
export const NO_TALK: readonly string[] = ["check", "bag_of_words"];

/** These decide without a probability of their own. */
export const UNSCORED: readonly string[] = ["direct", "proactive", "always_ask", "always_answer", "always_assume"];

/** These imagine futures, which costs minutes an item on a small machine. */
const WITH_ROLLOUTS: readonly string[] = ["parley", "fast", "balanced", "deep", "reference"];

/** How many items a policy is measured on unless told otherwise; undefined: all. Of whole talks always the same few. */
export function itemsFor(policy: string, kind: 1 | 2): number | undefined {
  if (kind === 2) return policy === "reference" ? 8 : 24;
  return WITH_ROLLOUTS.includes(policy) ? 24 : undefined;
}
