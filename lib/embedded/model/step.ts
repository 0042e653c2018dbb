export interface Steppable {
  readonly lane: number;
  readonly foreground: boolean;
  /** Tokens left to read; 1 for a sequence that steps. */
  readonly pending: number;
  readonly reading: boolean;
  /** Reads no further than this many tokens in this step: others wait for the state at exactly that point. */
  readonly pause: number;
  /** Of the tokens it would read, how many at most may be read at once because each needs a distribution. */
  readonly rowsPerToken: boolean;
}

export interface Share<T extends Steppable> {
  readonly sequence: T;
  readonly tokens: number;
}

/** Prompt tokens read in a step while others wait for their next token or for their turn, or while nobody does. */
export const readingBeside = 64;
export const readingAlone = 128;
/** Distributions held at once: 0.6 MB each for a vocabulary of 152,000. */
export const mostRows = 64;

/**
 * Who reads how many tokens in the next step. All who step take part with one token, so they stay in phase; readers
 * share a bounded number of tokens evenly, because llama.cpp joins sequences only as far as they are equally long.
 * `lone`: the foreground alone. Returned by ascending lane.
 */
export function planStep<T extends Steppable>(sequences: readonly T[], lone: boolean): Share<T>[] {
  const present = sequences.filter((sequence) => !lone || sequence.foreground);
  const steppers = present.filter((sequence) => !sequence.reading);
  const readers = present.filter((sequence) => sequence.reading);
  const budget = lone || steppers.length > 0 ? readingBeside : readingAlone;
  const shares = steppers.map((sequence) => ({ sequence, tokens: 1 }));
  const want = new Map(readers.map((sequence) => [sequence, Math.min(sequence.pending, sequence.pause)]));
  const given = new Map(readers.map((sequence) => [sequence, 0]));
  let left = budget;
  let rowsLeft = Math.max(1, mostRows - steppers.length);
  let open = readers.slice();
  while (left > 0 && open.length > 0) {
    const each = Math.max(1, Math.floor(left / open.length));
    for (const sequence of open) {
      const has = given.get(sequence) ?? 0;
      let more = Math.min(each, left, (want.get(sequence) ?? 0) - has);
      if (sequence.rowsPerToken) {
        more = Math.min(more, rowsLeft);
        rowsLeft -= more;
      }
      given.set(sequence, has + more);
      left -= more;
    }
    open = open.filter(
      (sequence) =>
        (given.get(sequence) ?? 0) < (want.get(sequence) ?? 0) && !(sequence.rowsPerToken && rowsLeft === 0),
    );
  }
  for (const sequence of readers) {
    const tokens = given.get(sequence) ?? 0;
    if (tokens > 0) shares.push({ sequence, tokens });
  }
  return shares.sort((left_, right_) => left_.sequence.lane - right_.sequence.lane);
}
