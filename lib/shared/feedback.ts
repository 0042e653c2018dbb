import { z } from "zod";

/** Reasons offered under a thumb: one list for questions, one for answers (product.md section 3). */
export const questionReasons = ["needed", "not_needed", "already_told", "too_many", "wrong_topic"] as const;
export const answerReasons = ["wrong", "ignored_instruction", "should_have_asked", "too_long", "style"] as const;

export const reasonLabels: Record<(typeof questionReasons)[number] | (typeof answerReasons)[number], string> = {
  needed: "Needed",
  not_needed: "Not needed",
  already_told: "Already told you",
  too_many: "Too many",
  wrong_topic: "Wrong topic",
  wrong: "Wrong",
  ignored_instruction: "Ignored instruction",
  should_have_asked: "Should have asked first",
  too_long: "Too long",
  style: "Style",
};

/** Any of the list, or a single one by itself. */
const reasonsSchema = z.preprocess(
  (value) => (typeof value === "string" ? [value] : value),
  z.array(z.enum([...questionReasons, ...answerReasons])).max(10),
);

/** `POST /api/messages/:id/feedback`. Append-only: a new row each time; null, for reasons an empty list, takes the earlier word of that kind back. */
export const feedbackBodySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("thumb"), value: z.enum(["up", "down"]).nullable() }),
  z.object({ kind: z.literal("reason"), value: reasonsSchema }),
  z.object({ kind: z.literal("text"), value: z.string().max(1_000).nullable() }),
  z.object({ kind: z.literal("goal"), value: z.enum(["yes", "partly", "no"]).nullable() }),
  z.object({ kind: z.literal("rating"), value: z.number().int().min(1).max(5).nullable() }),
]);
export type FeedbackBody = z.infer<typeof feedbackBodySchema>;

/** Rises when the page shows replies or asks for feedback in another way: words given under two interfaces are not alike. */
export const interfaceVersion = "1";

/** Rows the server writes itself, beside what people send. */
export const feedbackKinds = ["thumb", "reason", "text", "goal", "rating", "swap", "implicit"] as const;
export type FeedbackKind = (typeof feedbackKinds)[number];
