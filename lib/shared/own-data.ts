import { z } from "zod";
import { settingsSchema } from "./chat.ts";
import { kindSchema } from "./kinds.ts";

/** `GET /api/data`: what a person takes along. `parentId` makes a conversation's messages a tree, `leafId` is the branch last shown. */
export const ownDataSchema = z.object({
  format: z.literal("parley-own-data/1"),
  exportedAt: z.string(),
  settings: settingsSchema,
  conversations: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      pinned: z.boolean(),
      createdAt: z.string(),
      updatedAt: z.string(),
      leafId: z.string().nullable(),
      messages: z.array(
        z.object({
          id: z.string(),
          parentId: z.string().nullable(),
          role: z.enum(["user", "assistant"]),
          text: z.string(),
          kind: kindSchema.nullable(),
          createdAt: z.string(),
        }),
      ),
      /** In the order it was said; of each kind the last word holds, and null takes one back. */
      feedback: z.array(
        z.object({ messageId: z.string(), kind: z.string(), value: z.unknown(), createdAt: z.string() }),
      ),
    }),
  ),
});
export type OwnData = z.infer<typeof ownDataSchema>;
