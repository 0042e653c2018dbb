import type { Backend, Likeliest, Row } from "./backend.ts";
import type { TokenScore } from "./prefixes.ts";
import { knowsScore, type Sequence, scoreStart } from "./sequence.ts";

export function toScore(token: number, likeliest: Likeliest, alternatives: number): TokenScore {
  return {
    token,
    logprob: likeliest.asked ?? Number.NEGATIVE_INFINITY,
    alternatives: likeliest.tokens
      .slice(0, alternatives)
      .map((other, index) => ({ token: other, logprob: likeliest.logprobs[index] ?? Number.NEGATIVE_INFINITY })),
  };
}

/** Indexes among the next `count` tokens of the sequence after which it wants the distribution. */
export function wantedRows(sequence: Sequence, count: number): number[] {
  const { job, read, tokens } = sequence;
  const wanted: number[] = [];
  const first = scoreStart(job);
  for (let index = 0; index < count; index++) {
    const next = read + index + 1;
    const scores = job.scored > 0 && next >= first && next < job.prompt.length && !knowsScore(sequence, next);
    const generates = job.mostTokens > 0 && next === tokens.length;
    if (scores || generates) wanted.push(index);
  }
  return wanted;
}

/** Runs `work` on all items, at most `width` at once: readers of distributions each hold a copy of the vocabulary. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>) {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

/** The next token, drawn as the job wants it, with its score where asked for. */
export async function drawToken(
  backend: Backend,
  sequence: Sequence,
  row: Row,
): Promise<{ token: number; score: TokenScore | null }> {
  const { job } = sequence;
  if (job.alternatives !== null && job.temperature === 0 && !job.grammar) {
    const likeliest = await backend.likeliest(row);
    const token = likeliest.tokens[0] ?? 0;
    return { token, score: toScore(token, { ...likeliest, asked: likeliest.logprobs[0] ?? null }, job.alternatives) };
  }
  sequence.sampler ??= backend.createSampler(job);
  const token = await sequence.sampler.sample(row);
  if (job.alternatives === null) return { token, score: null };
  return { token, score: toScore(token, await backend.likeliest(row, token), job.alternatives) };
}
