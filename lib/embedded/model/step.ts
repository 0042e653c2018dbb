export interface Steppable {
  readonly lane: number;
  readonly foreground: boolean;
  /** Tokens left to read; 1 for a sequence that steps. */
  readonly pending: number;
  readonly reading: boolean;
  /** Reads no further than this many tokens in this step: others wait for the state at exactly that point. */
  readonly pause: number;
  /** Ascending indexes among its next tokens: after which of them it wants the distribution. */
  readonly wanted: readonly number[];
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
 * share a bounded number of tokens and of distributions evenly, because llama.cpp joins sequences only as far as they are
 * equally long. Nobody is left out, which would be a hole, unless there are more than tokens or distributions to share;
 * then it is those on the highest lanes. `lone`: the foreground alone. Returned by ascending lane.
 */
export function planStep<T extends Steppable>(sequences: readonly T[], lone: boolean): Share<T>[] {
  const present = sequences.filter((sequence) => !lone || sequence.foreground);
  const steppers = present.filter((sequence) => !sequence.reading).map((sequence) => ({ sequence, tokens: 1 }));
  const readers = present
    .filter((sequence) => sequence.reading)
    .sort((left, right) => left.lane - right.lane)
    .map((sequence) => ({ sequence, tokens: 0, rows: 0 }));
  let tokensLeft = lone || steppers.length > 0 ? readingBeside : readingAlone;
  let rowsLeft = Math.max(1, mostRows - steppers.length);
  let open = readers;
  while (tokensLeft > 0 && open.length > 0) {
    const each = Math.max(1, Math.floor(tokensLeft / open.length));
    const asking = open.filter(({ sequence, tokens, rows }) => nextWanted(sequence, rows) < tokens + each).length;
    const eachRows = Math.max(1, Math.floor(rowsLeft / Math.max(1, asking)));
    for (const reader of open) {
      const { sequence } = reader;
      // It gets as far as the first distribution that there is none left for.
      const reach = Math.min(end(sequence), nextWanted(sequence, reader.rows + Math.min(eachRows, rowsLeft)));
      const more = Math.min(each, tokensLeft, reach - reader.tokens);
      const rows = sequence.wanted.filter((index) => index < reader.tokens + more).length;
      tokensLeft -= more;
      rowsLeft -= rows - reader.rows;
      reader.tokens += more;
      reader.rows = rows;
    }
    open = open.filter(
      ({ sequence, tokens, rows }) => tokens < end(sequence) && (rowsLeft > 0 || nextWanted(sequence, rows) > tokens),
    );
  }
  return [...steppers, ...readers.filter(({ tokens }) => tokens > 0)]
    .map(({ sequence, tokens }) => ({ sequence, tokens }))
    .sort((left, right) => left.sequence.lane - right.sequence.lane);
}

const end = ({ pending, pause }: Steppable): number => Math.min(pending, pause);
/** The first token whose distribution is wanted when `rows` others are had. */
const nextWanted = ({ wanted }: Steppable, rows: number): number => wanted[rows] ?? Number.POSITIVE_INFINITY;
