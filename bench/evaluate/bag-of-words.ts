import type { ChoiceItem } from "./form.ts";
import { hashed } from "./random.ts";
import { words } from "./words.ts";

type Example = { features: string[]; positive: boolean };
export type Classifier = (text: string) => number;

/** Single words and pairs of neighbours, each once. */
export function features(text: string): string[] {
  const list = words(text);
  return [...new Set([...list, ...list.slice(1).map((word, index) => `${list[index]} ${word}`)])];
}

/**
 * Logistic regression on the presence of words and word pairs that occur at least twice, both labels with equal
 * weight, by seeded-order gradient steps with per-feature rates (AdaGrad) and an L2 penalty. Returns P(ask) in [0,1].
 */
export function trainBagOfWords(examples: readonly { text: string; positive: boolean }[]): Classifier {
  const rows: Example[] = examples.map(({ text, positive }) => ({ features: features(text), positive }));
  const seen = new Map<string, number>();
  for (const row of rows) for (const feature of row.features) seen.set(feature, (seen.get(feature) ?? 0) + 1);
  const index = new Map([...seen].filter(([, count]) => count > 1).map(([feature], at) => [feature, at]));
  const weights = new Float64Array(index.size + 1);
  const squares = new Float64Array(index.size + 1).fill(1e-6);
  const positives = rows.filter((row) => row.positive).length;
  const weightOf = {
    yes: rows.length / (2 * Math.max(1, positives)),
    no: rows.length / (2 * Math.max(1, rows.length - positives)),
  };
  const coded = rows.map((row) => ({ ...encode(row.features, index), positive: row.positive }));
  const order = coded.map((row, at) => ({ row, key: hashed(`order:${at}`) })).sort((a, b) => a.key - b.key);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const { row } of order) {
      const error =
        (row.positive ? 1 - predict(row, weights) : -predict(row, weights)) *
        (row.positive ? weightOf.yes : weightOf.no);
      for (const at of row.at) {
        const bias = at === index.size;
        const slope = error * (bias ? 1 : row.value) - (bias ? 0 : (PENALTY / rows.length) * (weights[at] ?? 0));
        squares[at] = (squares[at] ?? 0) + slope * slope;
        weights[at] = (weights[at] ?? 0) + (RATE * slope) / Math.sqrt(squares[at] ?? 1);
      }
    }
  }
  return (text) => predict(encode(features(text), index), weights);
}

const EPOCHS = 12;
const RATE = 0.1;
const PENALTY = 2;

type Coded = { at: number[]; value: number };

/** Long texts hold more words: each row's values are scaled so that its length does not decide. */
function encode(list: readonly string[], index: ReadonlyMap<string, number>): Coded {
  const at = list.flatMap((feature) => index.get(feature) ?? []);
  return { value: 1 / Math.sqrt(Math.max(1, at.length)), at: [...at, index.size] };
}

function predict({ at, value }: Coded, weights: Float64Array): number {
  const bias = at[at.length - 1] ?? 0;
  let sum = weights[bias] ?? 0;
  for (let k = 0; k < at.length - 1; k++) sum += value * (weights[at[k] ?? 0] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

/** What the classifier reads of an item: the last paragraph of every message. A story before the question says nothing. */
export function textOf(item: ChoiceItem): string {
  return item.messages.map((message) => message.content.split(/\n\s*\n/).at(-1) ?? "").join(" ");
}

/**
 * P(ask) for every item from words alone: trained on the given rows where there are any, else by ten folds of
 * groups, so that no item is judged by a classifier that has seen it or its like.
 */
export function bagOfWordsScores(items: readonly ChoiceItem[], training: readonly ChoiceItem[]): Map<string, number> {
  const example = (item: ChoiceItem) => ({ text: textOf(item), positive: item.label === "ask" });
  if (training.length > 0) {
    const classify = trainBagOfWords(training.map(example));
    return new Map(items.map((item) => [item.id, classify(textOf(item))]));
  }
  const foldOf = (item: ChoiceItem) => Math.floor(hashed(`fold:${item.group ?? item.id}`) * FOLDS);
  const scores = new Map<string, number>();
  for (let fold = 0; fold < FOLDS; fold++) {
    const inside = items.filter((item) => foldOf(item) === fold);
    if (inside.length === 0) continue;
    const classify = trainBagOfWords(items.filter((item) => foldOf(item) !== fold).map(example));
    for (const item of inside) scores.set(item.id, classify(textOf(item)));
  }
  return scores;
}

const FOLDS = 10;
