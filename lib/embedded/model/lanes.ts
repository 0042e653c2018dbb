export interface Placed {
  /** -1 = has none yet. */
  readonly lane: number;
  readonly foreground: boolean;
  /** Tokens left to read. */
  readonly pending: number;
}

export interface Move<T extends Placed> {
  readonly sequence: T;
  readonly to: number;
}

/**
 * The moves after which the n sequences stand on lanes 0 to n-1, without holes, foreground below background (so that
 * the foreground alone is a run without holes too). Nobody moves who stands well. Newcomers take ascending lanes by
 * descending length of what they have to read: then the short ones, when done, leave the long ones side by side.
 */
export function planMoves<T extends Placed>(sequences: readonly T[]): Move<T>[] {
  const foreground = sequences.filter((sequence) => sequence.foreground);
  const background = sequences.filter((sequence) => !sequence.foreground);
  return [...fillZone(foreground, 0), ...fillZone(background, foreground.length)];
}

function fillZone<T extends Placed>(sequences: readonly T[], start: number): Move<T>[] {
  const end = start + sequences.length;
  const stands = (sequence: T): boolean => sequence.lane >= start && sequence.lane < end;
  const taken = new Set(sequences.filter(stands).map((sequence) => sequence.lane));
  const free = Array.from({ length: sequences.length }, (_, index) => start + index).filter((lane) => !taken.has(lane));
  const movers = sequences.filter((sequence) => !stands(sequence));
  movers.sort((left, right) => Number(left.lane < 0) - Number(right.lane < 0) || right.pending - left.pending);
  return movers.map((sequence, index) => ({ sequence, to: free[index] ?? start }));
}
