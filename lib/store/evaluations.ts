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

/** Keeps one result; the item's earlier one, of another text or label, gives way to it. */
export async function saveCase(evaluationId: string, key: CaseKey, result: object): Promise<void> {
  const own = { ...key, evaluationId };
  const told = { result: storable(result) };
  await database().evaluationCase.upsert({
    where: { evaluationId_set_policy_seed_itemId: own },
    create: { ...own, ...told, id: v7() },
    update: told,
  });
}
