import { z } from "zod";
import type { ChoiceItem, Part } from "../form.ts";
import { inData, readLines } from "./files.ts";

const rowSchema = z.object({ task: z.string(), vague: z.boolean(), user_vague: z.boolean().optional() });

/**
 * Requests to an agent, judged vague or clear. The 108 test rows carry a person's label (`user_vague`) and are
 * never tuned on; the training rows, labelled by a model, are the tuning part (without the 42 tasks that the test
 * rows repeat).
 */
export async function readIn3(data: string, part: Part): Promise<ChoiceItem[]> {
  const test = await readLines(inData(data, "in3", "test-human.jsonl"), rowSchema);
  const testItems = test.map((row, index) => item(`test-${index}`, row.task, row.user_vague ?? row.vague));
  if (part === "test") return testItems;
  const seen = new Set(test.map((row) => row.task));
  const trainItems: ChoiceItem[] = [];
  for (const [index, row] of (await readLines(inData(data, "in3", "train.jsonl"), rowSchema)).entries()) {
    if (seen.has(row.task)) continue;
    seen.add(row.task);
    trainItems.push(item(`train-${index}`, row.task, row.vague));
  }
  return part === "tuning" ? trainItems : [...testItems, ...trainItems];
}

function item(id: string, task: string, vague: boolean): ChoiceItem {
  return { id, messages: [{ role: "user", content: task }], label: vague ? "ask" : "answer", group: task };
}

const recordSchema = z.object({ vague: z.boolean() });

/** What each of four language models said of the same 108 rows, in their order. */
export const IN3_RECORDS = [
  { model: "GPT-4", file: "record-gpt4.jsonl", accuracy: "82.41" },
  { model: "Mistral-Interact", file: "record-mistral-interact.jsonl", accuracy: "85.19" },
  { model: "Llama-2-7B", file: "record-Llama-2-7b-chat-hf.jsonl", accuracy: "79.63" },
  { model: "Mistral-7B", file: "record-mistral-7b-instruct-v0.2-hf.jsonl", accuracy: "49.07" },
] as const;

export async function readIn3Record(data: string, file: string): Promise<boolean[]> {
  return (await readLines(inData(data, "in3", file), recordSchema)).map((row) => row.vague);
}
