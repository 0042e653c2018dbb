import { z } from "zod";
import type { TalkItem } from "../form.ts";
import { inData, readLines } from "./files.ts";

const rowSchema = z.object({
  id: z.number(),
  question: z.string(),
  options: z.record(z.string(), z.string()),
  answer_idx: z.string(),
  facts: z.array(z.string()),
});

/**
 * A patient who opens with one fact and a question with options, and tells the other facts only when asked. Three rows of the
 * set hold no facts: there is nobody to ask.
 */
export async function readMediq(data: string): Promise<TalkItem[]> {
  const rows = await readLines(inData(data, "mediq", "dev.jsonl"), rowSchema);
  return rows
    .filter((row) => row.facts.length > 0)
    .map((row) => {
      const facts = row.facts.map((fact) => fact.replace(/^\d+\.\s*/, ""));
      const options = Object.entries(row.options).map(([letter, text]) => `${letter}. ${text}`);
      const question = [row.question, ...options].join("\n");
      return {
        id: `${row.id}`,
        first: `${facts[0] ?? ""}\n\n${question}`,
        facts: facts.slice(1),
        question,
        answer: row.answer_idx,
        check: "choice",
      };
    });
}
