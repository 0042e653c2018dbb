import { z } from "zod";
import type { ChoiceItem, TalkItem } from "../form.ts";
import { hashed } from "../random.ts";
import { inData, readJson } from "./files.ts";

const fileSchema = z.array(
  z.object({
    question: z.string(),
    answer: z.string(),
    task_id: z.string(),
    shards: z.array(z.object({ shard: z.string() })).min(2),
  }),
);
export type Sharded = { id: string; group: string; question: string; shards: string[]; answer: string };

/** Arithmetic problems cut in 4 to 9 pieces, the first the bare goal. Several cuts of one problem are one group. */
export async function readSharded(data: string): Promise<Sharded[]> {
  const rows = await readJson(inData(data, "sharded-gsm8k", "v2.json"), fileSchema);
  const cuts = new Map<string, number>();
  return rows.map((row) => {
    const cut = cuts.get(row.task_id) ?? 0;
    cuts.set(row.task_id, cut + 1);
    const answer = (row.answer.split("####").at(-1) ?? "").trim().replaceAll(",", "");
    const shards = row.shards.map((entry) => entry.shard);
    return { id: `${row.task_id}#${cut}`, group: row.task_id, question: row.question, shards, answer };
  });
}

/** One cut of each problem: the others are near copies, and would count one problem several times. */
export const oneCutEach = (rows: readonly Sharded[]) => rows.filter((row) => row.id.endsWith("#0"));

/** The bare goal should bring a question, the whole problem an answer. */
export function firstAgainstWhole(rows: readonly Sharded[]): ChoiceItem[] {
  return rows.flatMap((row) => [
    choice(`${row.id}/first`, row.group, row.shards[0] ?? "", "ask"),
    choice(`${row.id}/whole`, row.group, row.question, "answer"),
  ]);
}

/** The same pieces in the same order with one of them (never the goal) taken out, against all of them. */
export function oneMissingAgainstNone(rows: readonly Sharded[]): ChoiceItem[] {
  return rows.flatMap((row) => {
    const dropped = 1 + Math.floor(hashed(`dropped:${row.id}`) * (row.shards.length - 1));
    const rest = row.shards.filter((_, index) => index !== dropped);
    return [
      choice(`${row.id}/missing`, row.group, rest.join(" "), "ask"),
      choice(`${row.id}/none`, row.group, row.shards.join(" "), "answer"),
    ];
  });
}

/** A user who states the goal and holds the rest. */
export function shardedTalks(rows: readonly Sharded[]): TalkItem[] {
  return rows.map((row) => ({
    id: row.id,
    first: row.shards[0] ?? "",
    facts: row.shards.slice(1),
    answer: row.answer,
    check: "number",
    group: row.group,
  }));
}

function choice(id: string, group: string, content: string, label: "ask" | "answer"): ChoiceItem {
  return { id, messages: [{ role: "user", content }], label, group };
}
