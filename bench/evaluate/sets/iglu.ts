import { z } from "zod";
import { parseCsv } from "../csv.ts";
import type { ChoiceItem } from "../form.ts";
import { Problem } from "../problem.ts";
import { inData, readText } from "./files.ts";

const rowSchema = z.object({
  GameId: z.string(),
  InputInstruction: z.string(),
  IsInstructionClear: z.enum(["Yes", "No"]),
});

/** Building instructions, judged clear or not by the person who had to build; rows of one instruction are one group. */
export async function readIglu(data: string): Promise<ChoiceItem[]> {
  const path = inData(data, "iglu", "single-turn.csv");
  const items: ChoiceItem[] = [];
  for (const [index, value] of parseCsv(await readText(path)).entries()) {
    const row = rowSchema.safeParse(value);
    if (!row.success) throw new Problem(`${path}, row ${index + 2}: ${z.prettifyError(row.error)}`);
    const content = row.data.InputInstruction.trim();
    if (content === "") continue;
    const label = row.data.IsInstructionClear === "No" ? "ask" : "answer";
    items.push({ id: `${index}`, messages: [{ role: "user", content }], label, group: content });
  }
  return items;
}
