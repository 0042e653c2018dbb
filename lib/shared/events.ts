import { z } from "zod";
import { kindSchema, presetSchema, runStateSchema } from "./kinds.ts";
import { contrastSchema, intentSchema, pathSchema, stopReasonSchema } from "./record.ts";

/**
 * The data parts of a turn's stream (AI-SDK `data-<name>` parts). Each is also what the journal stores, so a number that
 * the page shows while a turn runs is a number of the journal and nothing else. Parts carry an id and replace the earlier
 * part of the same id: `run`, `stage`, `readings`, `decision`, `error` are one each; `candidate` has the candidate's id;
 * `cell` has `<block>:<candidateId>:<intentIndex>`.
 */

export const stageSchema = z.object({
  /** reading: clarity check and direct draft · drafting · weighing: the table · trying: rollouts · answering: text streams. */
  stage: z.enum(["reading", "drafting", "weighing", "trying", "answering"]),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  block: z.number().int().nonnegative().optional(),
  /** Milliseconds since the run began. */
  at: z.number().nonnegative(),
  /** Milliseconds that nine of ten such turns take, where known. */
  usual: z.number().nonnegative().optional(),
});

export const runPartSchema = z.object({
  runId: z.string(),
  conversationId: z.string(),
  userMessageId: z.string(),
  preset: presetSchema,
  startedAt: z.string(),
});

export const readingsSchema = z.object({ intents: z.array(intentSchema), unclear: z.string().nullable() });

export const candidatePartSchema = z.object({
  id: z.string(),
  kind: kindSchema,
  state: z.enum(["drafting", "drafted", "failed", "dropped"]),
});

export const cellSchema = z.object({
  block: z.number().int().nonnegative(),
  candidateId: z.string(),
  intentId: z.string(),
  /** Which of the block's intent draws: two draws may be the same intent. */
  index: z.number().int().nonnegative(),
  state: z.enum(["waiting", "running", "done", "failed", "dropped"]),
});

/** The decision in short, for the line under the reply; the whole record comes from its own route. */
export const decisionPartSchema = z.object({
  path: pathSchema,
  stopReason: stopReasonSchema,
  /** `cut`: the model's limit on tokens ended this reply, not the model; absent where it is whole. */
  chosen: z.object({ id: z.string(), kind: kindSchema, cut: z.literal(true).optional() }),
  candidates: z.array(z.object({ id: z.string(), kind: kindSchema, best: z.number().nullable(), chosen: z.boolean() })),
  contrast: contrastSchema.nullable(),
  /** Quick replies under a question: the readings it tells apart, heaviest first, without "something else". */
  quickReplies: z.array(z.object({ intentId: z.string(), text: z.string() })),
  sentence: z.string(),
  calls: z.number().int().nonnegative(),
  tokens: z.number().nonnegative(),
  ms: z.number().nonnegative(),
});

export const errorPartSchema = z.object({
  /** Stable word for programs, e.g. model_unreachable, model_refused_key, rate_limited, message_too_long, interrupted, stopped. */
  code: z.string(),
  /** What happened and what to do, for the person. */
  message: z.string(),
  retry: z.boolean(),
});

export type Stage = z.infer<typeof stageSchema>;
export type RunPart = z.infer<typeof runPartSchema>;
export type Readings = z.infer<typeof readingsSchema>;
export type CandidatePart = z.infer<typeof candidatePartSchema>;
export type Cell = z.infer<typeof cellSchema>;
export type DecisionPart = z.infer<typeof decisionPartSchema>;
export type ErrorPart = z.infer<typeof errorPartSchema>;

export const dataSchemas = {
  run: runPartSchema,
  stage: stageSchema,
  readings: readingsSchema,
  candidate: candidatePartSchema,
  cell: cellSchema,
  decision: decisionPartSchema,
  error: errorPartSchema,
};
export type DataParts = { [Name in keyof typeof dataSchemas]: z.infer<(typeof dataSchemas)[Name]> };

/** Metadata of a message in the UI stream. */
export const metadataSchema = z.object({
  runId: z.string().optional(),
  state: runStateSchema.optional(),
  createdAt: z.string().optional(),
  parentId: z.string().nullable().optional(),
});
export type Metadata = z.infer<typeof metadataSchema>;
