import { z } from "zod";
import { askingSchema, kindSchema, presetSchema } from "./kinds.ts";

/**
 * The decision record: everything a turn's choice was made of, as `GET /api/messages/:id/decision` returns it.
 * Rewards are in the paper's units (MR = R_ext + R_int, about −1 … 1.5); probabilities and weights in [0,1];
 * times in milliseconds; tokens as the endpoint counted them.
 */

/** How the reply came about. `clear` and `direct` had no lookahead; `prior` was released by the gate without a rollout. */
export const pathSchema = z.enum(["clear", "direct", "prior", "lookahead"]);
export type Path = z.infer<typeof pathSchema>;

/** Why the choice ended when it did. */
export const stopReasonSchema = z.enum([
  "clear", // judged clear, no lookahead
  "direct", // the preset does not look ahead
  "gate", // expected regret small, or an answer leads and a question could not pay for itself
  "regret", // expected regret ≤ ε
  "value", // the next block was not worth its calls
  "deadline",
  "budget", // K_max blocks
  "answer_now", // the person asked for the answer
  "single", // one candidate left
  "fixed", // the policy's fixed number of rollouts was played (reference, uniform)
  "model_failed", // the model failed; the leader so far was released
]);
export type StopReason = z.infer<typeof stopReasonSchema>;

export const costSchema = z.object({
  generating: z.number().int().nonnegative(),
  scoring: z.number().int().nonnegative(),
  tokensIn: z.number().nonnegative(),
  tokensCached: z.number().nonnegative(),
  tokensOut: z.number().nonnegative(),
});
export type Cost = z.infer<typeof costSchema>;

export const intentSchema = z.object({
  id: z.string(),
  text: z.string(),
  /** A few words for a quick-reply chip, where the table gave some. */
  label: z.string().optional(),
  weight: z.number().min(0).max(1),
  /** "Something else": what none of the readings covers. */
  other: z.boolean(),
});
export type IntentRecord = z.infer<typeof intentSchema>;

/** Mean over a candidate's finished rollouts, with the number of rollouts and their standard deviation. */
export const meanSchema = z.object({
  mean: z.number(),
  sd: z.number().nonnegative(),
  n: z.number().int().nonnegative(),
});

export const candidateSchema = z.object({
  id: z.string(),
  kind: kindSchema,
  text: z.string(),
  tokens: z.number().nonnegative(),
  /** False where the model's limit on tokens cut the reply and its length is a prediction. */
  finished: z.boolean(),
  /** Usefulness per intent id as the table has it; null where there was no table. */
  usefulness: z.record(z.string(), z.number()).nullable(),
  /** Questions still needed per intent id. */
  questions: z.record(z.string(), z.number()).nullable(),
  prior: z.object({ mean: z.number(), sd: z.number().nonnegative() }).nullable(),
  posterior: z.object({ mean: z.number(), sd: z.number().nonnegative(), best: z.number().min(0).max(1) }).nullable(),
  /** Parts of the reward over this candidate's own rollouts; null when it has none. */
  goal: meanSchema.nullable(),
  effort: meanSchema.nullable(),
  interaction: meanSchema.nullable(),
  propensity: z.number().min(0).max(1),
  chosen: z.boolean(),
  /** The block after which it was dropped; null when it stayed. */
  eliminatedAfter: z.number().int().nullable(),
});
export type CandidateRecord = z.infer<typeof candidateSchema>;

export const imaginedTurnSchema = z.object({
  role: z.enum(["user", "assistant"]),
  text: z.string(),
  /** The act drawn in code which the simulated user phrased (tells, misleads, refuses, corrects, accept, quit …). */
  act: z.string().optional(),
});

export const rolloutSchema = z.object({
  id: z.string(),
  candidateId: z.string(),
  intentId: z.string(),
  block: z.number().int().nonnegative(),
  state: z.enum(["done", "failed", "dropped"]),
  /** Why it failed or was dropped (leak, slow, error …). */
  reason: z.string().nullable(),
  draws: z.record(z.string(), z.number()),
  turns: z.array(imaginedTurnSchema),
  /** extrinsic R_ext in [0,1]; cost = −min(λ·tokens, 1); interaction = w_J·(R_LLM − mean of kind); total = MR of this rollout. */
  reward: z
    .object({
      extrinsic: z.number(),
      cost: z.number(),
      interaction: z.number(),
      judge: z.number().nullable(),
      tail: z.number().nullable(),
      total: z.number(),
    })
    .nullable(),
  ms: z.number().nonnegative(),
});
export type RolloutRecord = z.infer<typeof rolloutSchema>;

/** Chosen minus the best candidate of another kind: what the record may claim (engine.md section 4). */
export const contrastSchema = z.object({
  chosenId: z.string(),
  otherId: z.string(),
  mean: z.number(),
  lo: z.number(),
  hi: z.number(),
  /** Coverage of [lo, hi]. */
  level: z.number(),
  /** Rollouts that both share (paired); 0 = prior only. */
  n: z.number().int().nonnegative(),
  tooClose: z.boolean(),
});

export const decisionSchema = z.object({
  schema: z.literal(1),
  path: pathSchema,
  stopReason: stopReasonSchema,
  preset: presetSchema,
  asking: askingSchema,
  policy: z.object({ name: z.string(), version: z.string() }),
  seed: z.number().int(),
  models: z.object({ assistant: z.string(), simulator: z.string(), judge: z.string() }),
  promptVersions: z.record(z.string(), z.string()),
  /** What each model's endpoint could do, as probed (lib/models/capabilities.ts): which way the numbers were made. */
  capabilities: z.record(z.string(), z.unknown()).optional(),
  clarity: z.object({ clear: z.number().min(0).max(1), threshold: z.number(), source: z.string() }).nullable(),
  tableSource: z.string().nullable(),
  /** How much less likely the drafted answer becomes under a reading; null where not measured. */
  sensitivity: z.number().nullable(),
  trust: z.number().min(0).max(1),
  rates: z.record(z.string(), z.number()),
  intents: z.array(intentSchema),
  candidates: z.array(candidateSchema),
  chosenId: z.string(),
  rollouts: z.array(rolloutSchema),
  blocks: z.number().int().nonnegative(),
  contrast: contrastSchema.nullable(),
  expectedRegret: z.number().nullable(),
  explored: z.boolean(),
  audit: z.boolean(),
  cost: costSchema,
  ms: z.object({ firstToken: z.number().nullable(), drafting: z.number(), lookahead: z.number(), total: z.number() }),
  /** L: running median time of one full direct reply. */
  replyMs: z.number().nonnegative(),
  /** What went wrong or was left out on the way, in plain words ("history trimmed", "2 rollouts failed"). */
  notes: z.array(z.string()),
});
export type Decision = z.infer<typeof decisionSchema>;

/** What the decision route returns: the record and where it belongs. */
export const decisionViewSchema = z.object({
  messageId: z.string(),
  conversationId: z.string(),
  userMessageId: z.string(),
  runId: z.string(),
  createdAt: z.string(),
  /** The candidate this message shows: `decision.chosenId`, unless the person took another one instead. */
  shownId: z.string(),
  decision: decisionSchema,
});
export type DecisionView = z.infer<typeof decisionViewSchema>;
