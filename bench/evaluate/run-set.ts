import { bagOfWordsScores } from "./bag-of-words.ts";
import type { CaseStore } from "./case-store.ts";
import type { Case, ChoiceCase } from "./cases.ts";
import type { ChoiceItem } from "./form.ts";
import type { Progress } from "./progress.ts";

/**
 * Measures the items that the store does not hold yet, some at once, each stored as it ends. Cases come back in the
 * order of the items. The first failure stops the run and is thrown; what was measured before it is kept.
 */
export async function measure<T extends { id: string }, C extends Case>(
  items: readonly T[],
  store: CaseStore,
  parallel: number,
  bar: Progress,
  one: (item: T) => Promise<C>,
): Promise<void> {
  const waiting = [...items];
  let failed = false;
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined && !failed; item = waiting.shift()) {
      const known = store.get(item.id);
      if (known === undefined) {
        try {
          store.put(await one(item));
        } catch (error) {
          failed = true;
          throw error;
        }
      }
      bar.tick(known === undefined);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, parallel) }, worker));
  bar.end();
  const end = ends.find((settled) => settled.status === "rejected");
  if (end) throw end.reason;
}

/** The decisions of a policy that needs no model. `bag_of_words` has a score, the constant ones have none. */
export function baselineCases(
  name: string,
  items: readonly ChoiceItem[],
  training: readonly ChoiceItem[],
): ChoiceCase[] {
  const scores = name === "bag_of_words" ? bagOfWordsScores(items, training) : null;
  return items.map((item) => {
    const score = scores?.get(item.id) ?? null;
    return {
      kind: 1,
      id: item.id,
      group: item.group ?? item.id,
      label: item.label,
      score,
      asked: score === null ? name === "always_ask" : score >= 0.5,
      calls: 0,
      tokens: 0,
      seconds: 0,
    };
  });
}
