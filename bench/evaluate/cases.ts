import { z } from "zod";

/** What one turn, or one conversation, used. */
const spentSchema = z.object({
  calls: z.number(),
  tokens: z.number(),
  seconds: z.number(),
});

/** One decision of kind 1. `score` is P(a question is best) in [0,1], or null where the policy has none. */
export const choiceCaseSchema = spentSchema.extend({
  kind: z.literal(1),
  id: z.string(),
  group: z.string(),
  label: z.enum(["ask", "answer"]),
  score: z.number().nullable(),
  asked: z.boolean(),
  /** Enough to tell the decision in full: which path, why it stopped, what was read, what was said. */
  told: z.record(z.string(), z.unknown()).optional(),
});
export type ChoiceCase = z.infer<typeof choiceCaseSchema>;

/** One conversation of kind 2; calls, tokens (all that models wrote) and seconds are sums over its turns. */
export const talkCaseSchema = spentSchema.extend({
  kind: z.literal(2),
  id: z.string(),
  group: z.string(),
  solved: z.boolean(),
  firstAttempt: z.boolean(),
  turns: z.number(),
  /** Tokens that the person had to read. */
  shown: z.number(),
  questions: z.number(),
  emptyQuestions: z.number(),
  earlyAttempts: z.number(),
  messages: z.array(z.object({ role: z.string(), text: z.string(), path: z.string().optional() })),
});
export type TalkCase = z.infer<typeof talkCaseSchema>;

export const caseSchema = z.discriminatedUnion("kind", [choiceCaseSchema, talkCaseSchema]);
export type Case = z.infer<typeof caseSchema>;
