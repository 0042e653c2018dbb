import { z } from "zod";
import { askingSchema, kindSchema, presetSchema, runStateSchema } from "./kinds.ts";

/** Bodies and answers of the HTTP routes that both sides read. Ids are uuids. */

export const textLimit = 32_000;
export const systemPromptLimit = 4_000;

/** `POST /api/chat`. `id` = the user message's uuid, made by the browser, so that a repeated send is one message. */
export const chatBodySchema = z.object({
  id: z.uuid().optional(),
  conversationId: z.uuid().optional(),
  /** The message this one answers; null = a new root; absent = the conversation's current leaf. */
  parentId: z.uuid().nullable().optional(),
  text: z
    .string()
    .max(textLimit)
    .refine((text) => text.trim() !== "", "it is empty"),
  preset: presetSchema.optional(),
});
export type ChatBody = z.infer<typeof chatBodySchema>;

/** One message as the browser gets it: `parts` are AI-SDK UI parts (text and data-*), folded from the journal. */
export const messageViewSchema = z.object({
  id: z.string(),
  role: z.enum(["user", "assistant"]),
  parentId: z.string().nullable(),
  createdAt: z.string(),
  text: z.string(),
  kind: kindSchema.nullable(),
  /** State of the run that made it; null for a user's message. */
  state: runStateSchema.nullable(),
  runId: z.string().nullable(),
  parts: z.array(z.record(z.string(), z.unknown())),
  feedback: z.object({
    thumb: z.enum(["up", "down"]).nullable(),
    reasons: z.array(z.string()),
    text: z.string().nullable(),
  }),
});
export type MessageView = z.infer<typeof messageViewSchema>;

/** `GET /api/conversations`: newest first. `GET /api/search?words=`: those that have every word in the title or in one message. */
export const conversationSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  updatedAt: z.string(),
  pinned: z.boolean(),
  /** Where a search found its words in a message: the line round them. */
  excerpt: z.string().nullish(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;
export const conversationListSchema = z.object({ conversations: z.array(conversationSummarySchema) });

/** `GET /api/conversations/:id`: every message (branches included); `leafId` names the branch last shown. */
export const conversationViewSchema = z.object({
  id: z.string(),
  title: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  pinned: z.boolean(),
  leafId: z.string().nullable(),
  messages: z.array(messageViewSchema),
  /** The live run, if there is one: the page reconnects to it. */
  liveRun: z.object({ runId: z.string(), userMessageId: z.string(), messageId: z.string() }).nullable(),
  /** Ask "did you reach your goal?" now: a quiet moment, decided by the server. */
  askGoal: z.boolean(),
});
export type ConversationView = z.infer<typeof conversationViewSchema>;

/** `GET /api/settings`, `PATCH /api/settings`: the person's own. */
export const settingsSchema = z.object({
  preset: presetSchema,
  asking: askingSchema,
  systemPrompt: z.string().max(systemPromptLimit),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Every error answer: `{error: {code, message, …}}`, message says what to do. A 409 about a run names it twice: inside, and beside. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    field: z.string().optional(),
    runId: z.string().optional(),
  }),
  runId: z.string().optional(),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
