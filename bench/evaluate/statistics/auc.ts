/** One judged item: the score that a question is best, and whether one really is. */
export type Scored = { score: number; positive: boolean };

/**
 * Area under the ROC curve in [0,1]: how often an item that wants a question scores above one that does not, ties
 * half. By ranks (Mann-Whitney), O(n log n). Null where one of the two kinds is absent.
 */
export function auc(items: readonly Scored[]): number | null {
  const positives = items.filter((item) => item.positive).length;
  const negatives = items.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const sorted = [...items].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end++;
    const meanRank = (start + 1 + end) / 2;
    for (let at = start; at < end; at++) if (sorted[at]?.positive) rankSum += meanRank;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
