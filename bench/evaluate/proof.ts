import { Problem } from "./problem.ts";
import { IN3_RECORDS, readIn3, readIn3Record } from "./sets/in3.ts";
import { accuracy } from "./statistics/decisions.ts";

export type Proof = { who: string; found: string; expected: string };

/**
 * The evaluator's proof of itself: what four published models said of in3's rows, scored by our reader and our
 * statistics, must give their published accuracies to the second decimal, and always asking 79.63.
 */
export async function proveOnRecords(data: string): Promise<Proof[]> {
  const items = await readIn3(data, "test");
  const percent = (asked: boolean[]) => {
    if (asked.length !== items.length) throw new Problem(`in3: ${asked.length} records for ${items.length} rows.`);
    const decided = items.map((item, index) => ({ asked: asked[index] ?? false, positive: item.label === "ask" }));
    return (100 * (accuracy(decided) ?? Number.NaN)).toFixed(2);
  };
  const proofs: Proof[] = [];
  for (const record of IN3_RECORDS) {
    const found = percent(await readIn3Record(data, record.file));
    proofs.push({ who: record.model, found, expected: record.accuracy });
  }
  proofs.push({ who: "always ask", found: percent(items.map(() => true)), expected: "79.63" });
  return proofs;
}

/** The proof in one line; a Problem where a number differs: no score of such an evaluator could be believed. */
export function proofLine(proofs: readonly Proof[]): string {
  const wrong = proofs.find((proof) => proof.found !== proof.expected);
  if (wrong) {
    throw new Problem(
      `The evaluator does not prove itself: ${wrong.who} scores ${wrong.found}, not ${wrong.expected}.`,
    );
  }
  return `in3 records: ${proofs.map((proof) => `${proof.who} ${proof.found}`).join(", ")} (as published)`;
}
