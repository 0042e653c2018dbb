import type { Backend, Row } from "./backend.ts";
import { drawToken, toScore } from "./rows.ts";
import type { Sequence } from "./sequence.ts";

/** What is to be told when the sequence leaves; null = it stays. */
export type Ending = (() => void) | null;

export interface Digestion {
  readonly backend: Backend;
  readonly isEnd: (token: number) => boolean;
}

/** Takes in what a step said of one sequence: `rows` are the distributions after the `wanted` ones of `count` read tokens. */
export async function digest(
  { backend, isEnd }: Digestion,
  sequence: Sequence,
  count: number,
  wanted: readonly number[],
  rows: readonly Row[],
): Promise<Ending> {
  const { job } = sequence;
  const before = sequence.read;
  sequence.read += count;
  for (const [place, index] of wanted.entries()) {
    const row = rows[place];
    const position = before + index + 1;
    const token = job.prompt[position];
    if (row === undefined) continue;
    if (token === undefined) {
      tellScores(sequence);
      return advance(backend, isEnd, sequence, row);
    }
    sequence.scores.set(position, toScore(token, await backend.likeliest(row, token), job.alternatives ?? 0));
  }
  return null;
}

/** Tells what was learnt of the prompt, once, before the first generated token. */
export function tellScores({ job, scores, generated }: Sequence): void {
  if (job.scored === 0 || generated > 0) return;
  const from = Math.max(0, job.prompt.length - job.scored);
  job.listener.scores(
    job.prompt.slice(from).map((token, index) => {
      const score = scores.get(from + index);
      return score?.token === token ? score : null;
    }),
  );
}

async function advance(
  backend: Backend,
  isEnd: (token: number) => boolean,
  sequence: Sequence,
  row: Row,
): Promise<Ending> {
  const { job } = sequence;
  const { listener } = job;
  let drawn: Awaited<ReturnType<typeof drawToken>>;
  try {
    drawn = await drawToken(backend, sequence, row);
  } catch (error) {
    return () => listener.failed(error instanceof Error ? error : new Error(String(error)));
  }
  if (job.signal.aborted) return null;
  sequence.generated++;
  if (isEnd(drawn.token)) return () => listener.ended("stop");
  sequence.tokens.push(drawn.token);
  if (!listener.token(drawn.token, drawn.score)) return () => listener.ended("stop");
  const full = sequence.generated >= job.mostTokens || sequence.tokens.length >= backend.contextTokens;
  return full ? () => listener.ended("length") : null;
}
