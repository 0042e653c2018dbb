import { z } from "zod";
import { namesOption } from "./choices.ts";
import { wantedNumber } from "./numbers.ts";

/** Identifiers and answers are often numbers in other people's files. */
const scalar = z.union([z.string().min(1), z.number()], "expected a text or a number").transform(String);
/** Left out and null are the same. */
const absent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => (value === null ? undefined : value));

/** One message of a conversation that stands before the decision. */
export const messageSchema = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
});
export type Message = z.infer<typeof messageSchema>;

/** Kind 1, ask or answer?: a conversation that ends with the user's message, and what a careful person would do next. */
export const choiceItemSchema = z.object({
  id: scalar,
  messages: z
    .array(messageSchema)
    .min(1)
    .transform((messages) => messages.filter(({ content }) => content.trim() !== ""))
    .refine((messages) => messages.at(-1)?.role === "user", "the last message must be the user's"),
  label: z.enum(["ask", "answer"]),
  /** Items of one group never stand on both sides of a split or a fold. */
  group: absent(scalar).optional(),
});
export type ChoiceItem = z.infer<typeof choiceItemSchema>;

/** Kind 2, the conversation to its end: what the user says first, what else there is to tell, and the checkable answer. */
export const talkItemSchema = z
  .object({
    id: scalar,
    first: z.string().min(1),
    facts: z.array(z.string()).transform((facts) => facts.filter((fact) => fact.trim() !== "")),
    question: absent(z.string()).optional(),
    answer: scalar,
    check: z.enum(["number", "choice", "text"]),
    group: absent(scalar).optional(),
  })
  .refine(({ answer, check }) => check !== "number" || wantedNumber(answer) !== null, {
    path: ["answer"],
    message: 'is not one number; give one (42, 0.5, "7 apples"), or check it as text',
  })
  .refine((item) => item.check !== "choice" || namesOption(item), {
    path: ["answer"],
    message:
      "names none of the options: give an option's letter, and the options one a line, A. to Z., in question or first",
  })
  // Whoever is to answer a question must have seen it.
  .transform((item) =>
    item.question && !item.first.includes(item.question)
      ? { ...item, first: `${item.first}\n\n${item.question}` }
      : item,
  );
export type TalkItem = z.infer<typeof talkItemSchema>;

/** Which part of a set: what prompts and calibration may be tuned on, what scores may be claimed on, or both. */
export type Part = "tuning" | "test" | "all";

export type EvaluationSet =
  | { kind: 1; name: string; items: ChoiceItem[]; training: ChoiceItem[] }
  | { kind: 2; name: string; items: TalkItem[] };
