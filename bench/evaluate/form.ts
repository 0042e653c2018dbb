import { z } from "zod";

/** One message of a conversation that stands before the decision. */
export const messageSchema = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string().min(1),
});
export type Message = z.infer<typeof messageSchema>;

/** Kind 1, ask or answer?: a conversation that ends with the user's message, and what a careful person would do next. */
export const choiceItemSchema = z.object({
  id: z.string().min(1),
  messages: z
    .array(messageSchema)
    .min(1)
    .refine((messages) => messages.at(-1)?.role === "user", "the last message must be the user's"),
  label: z.enum(["ask", "answer"]),
  /** Items of one group never stand on both sides of a split or a fold. */
  group: z.string().optional(),
});
export type ChoiceItem = z.infer<typeof choiceItemSchema>;

/** Kind 2, the conversation to its end: what the user says first, what else there is to tell, and the checkable answer. */
export const talkItemSchema = z.object({
  id: z.string().min(1),
  first: z.string().min(1),
  facts: z.array(z.string().min(1)),
  question: z.string().optional(),
  answer: z.string().min(1),
  check: z.enum(["number", "choice", "text"]),
  group: z.string().optional(),
});
export type TalkItem = z.infer<typeof talkItemSchema>;

/** Which part of a set: what prompts and calibration may be tuned on, what scores may be claimed on, or both. */
export type Part = "tuning" | "test" | "all";

export type EvaluationSet =
  | { kind: 1; name: string; items: ChoiceItem[]; training: ChoiceItem[] }
  | { kind: 2; name: string; items: TalkItem[] };
