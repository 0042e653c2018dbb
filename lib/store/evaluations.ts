import { v7 } from "uuid";
import { database } from "./client.ts";
import { storable } from "./storable.ts";

export type CaseKey = { set: string; policy: string; seed: number; itemId: string };

/** Finds the evaluation of that key or begins it; its id. The key should name everything that must not change midway. */
export async function openEvaluation(runKey: string, settings: object): Promise<string> {
  const row = await database().evaluation.upsert({
    where: { runKey },
    create: { id: v7(), runKey, settings: storable(settings) },
    update: {},
    select: { id: true },
  });
  return row.id;
}

/** What is done already, in the order it was done. */
export async function listCases(evaluationId: string): Promise<(CaseKey & { result: unknown })[]> {
  return database().evaluationCase.findMany({
    where: { evaluationId },
    select: { set: true, policy: true, seed: true, itemId: true, result: true },
    orderBy: { id: "asc" },
  });
}

/** Keeps one result; a case that is there already stays as it was. */
export async function saveCase(evaluationId: string, key: CaseKey, result: object): Promise<void> {
  const row = { ...key, evaluationId, id: v7(), result: storable(result) };
  await database().evaluationCase.createMany({ data: [row], skipDuplicates: true });
}
