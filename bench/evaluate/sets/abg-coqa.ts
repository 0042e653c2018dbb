import { z } from "zod";
import type { ChoiceItem, Message } from "../form.ts";
import { inData, readJson } from "./files.ts";

const turnSchema = z.object({ question: z.string(), answer: z.string() });
const fileSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      story: z.string(),
      target_turn: turnSchema,
      history_turns: z.array(turnSchema),
      ambiguity: z.enum(["ambiguous", "non_ambiguous"]),
    }),
  ),
});

/** Questions about a story, some with two answers that depend on what is meant; questions about one story are one group. */
export async function readAbgCoqa(data: string): Promise<ChoiceItem[]> {
  const { data: rows } = await readJson(inData(data, "abg-coqa", "val.json"), fileSchema);
  return rows.map((row) => ({
    id: row.id,
    messages: conversation(row.story, row.history_turns, row.target_turn.question),
    label: row.ambiguity === "ambiguous" ? "ask" : "answer",
    group: row.story,
  }));
}

function conversation(story: string, history: z.infer<typeof turnSchema>[], question: string): Message[] {
  const questions = [...history.map((turn) => turn.question), question];
  return questions.flatMap((text, index): Message[] => {
    const content = index === 0 ? `${story.trim()}\n\n${text}` : text;
    const reply = history[index];
    const asked: Message = { role: "user", content };
    return reply ? [asked, { role: "assistant", content: reply.answer || "(no answer)" }] : [asked];
  });
}
