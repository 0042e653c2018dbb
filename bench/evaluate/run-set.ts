import { bagOfWordsScores } from "./bag-of-words.ts";
import type { CaseStore } from "./case-store.ts";
import type { Case, ChoiceCase } from "./cases.ts";
import type { ChoiceItem } from "./form.ts";
import { reasonOf } from "./problem.ts";
import type { Progress } from "./progress.ts";

/** So many items in a row that fail mean that the endpoint is gone. */
const FAILURES_IN_A_ROW = 3;

/** An endpoint that says so is there: this item does not suit it, and neither may the next; but not one after the other. */
const UNSUITED_IN_A_ROW = 10;
const OF_THE_ITEM = ["message_too_long", "model_rejected", "model_malformed"];
export const ofTheItem = (error: unknown): boolean =>
  error instanceof Error && (("code" in error && OF_THE_ITEM.includes(String(error.code))) || ofTheItem(error.cause));

/**
 * Measures the items that the store does not hold yet, some at once, each stored as it ends. An item that fails is left
 * out, and measured by the next run, as is what may not begin any more; three in a row, or a stop, end the run, and the
 * failure is thrown; so is the last failure where not one item could be measured.
 */
export async function measure<T extends { id: string }, C extends Case>(
  items: readonly T[],
  store: CaseStore,
  parallel: number,
  bar: Progress,
  limits: { stop: AbortSignal; mayBegin: () => boolean },
  one: (item: T) => Promise<C>,
): Promise<{ failed: string[] }> {
  const waiting = [...items];
  const failed: string[] = [];
  let inARow = 0;
  let unsuited = 0;
  let end: unknown = null;
  const attempt = async (item: T) => {
    try {
      store.put(item, await one(item));
      inARow = 0;
      unsuited = 0;
    } catch (error) {
      failed.push(`${item.id}: ${reasonOf(error)}`);
      if (ofTheItem(error)) unsuited += 1;
      else inARow += 1;
      const over = inARow >= FAILURES_IN_A_ROW || unsuited >= UNSUITED_IN_A_ROW || failed.length === items.length;
      if (limits.stop.aborted || over) end ??= error;
    }
  };
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined && end === null; item = waiting.shift()) {
      const known = store.get(item) !== undefined;
      if (!known && !limits.mayBegin()) continue;
      if (!known) await attempt(item);
      bar.tick(!known);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, worker));
  bar.end();
  if (end !== null) throw end;
  return { failed };
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
