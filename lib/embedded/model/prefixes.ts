/** The scored tokens of a text by position, as far as they are known. */
export type KnownScores = ReadonlyMap<number, TokenScore>;

export interface TokenScore {
  readonly token: number;
  /** Natural logarithm, given everything before it. */
  readonly logprob: number;
  readonly alternatives: readonly { readonly token: number; readonly logprob: number }[];
}

/** A saved state: the model has read exactly these tokens. */
export interface Snapshot {
  readonly tokens: readonly number[];
  readonly path: string;
  readonly bytes: number;
  /** What echo requests learnt of these tokens on the way. */
  readonly scores: Map<number, TokenScore>;
  /** Counted in uses, not in time. */
  lastUse: number;
  hits: number;
}

export interface PrefixIndex {
  readonly bytes: number;
  readonly size: number;
  /** Raised with each change. */
  readonly version: number;
  /** The snapshot that shares the longest beginning with `tokens`, and how long that is; null when none shares any. */
  longest(tokens: readonly number[]): { readonly snapshot: Snapshot; readonly length: number } | null;
  /** What is known of the scores of these tokens, from whichever snapshot: a score depends on what stands before alone. */
  scoresOf(tokens: readonly number[]): Map<number, TokenScore>;
  /** Adds scores of these tokens to the snapshot that shares most of them. */
  learn(tokens: readonly number[], scores: KnownScores): void;
  touch(snapshot: Snapshot): void;
  /** Forgets the snapshot at `path`, if there is one. */
  drop(path: string): void;
  /** Adds a snapshot and returns those to delete: beginnings of it, and the least useful ones beyond the budget. */
  add(tokens: readonly number[], path: string, bytes: number, scores: KnownScores): readonly Snapshot[];
}

/** Length of the common beginning. */
export function commonLength(left: readonly number[], right: readonly number[]): number {
  const most = Math.min(left.length, right.length);
  let length = 0;
  while (length < most && left[length] === right[length]) length++;
  return length;
}

/**
 * Saved beginnings of texts. Evicted first is what is long and was not used lately: bytes × uses since × 1/(1 + hits).
 * A snapshot that another one begins with is of no use: a state can be cut at any position.
 */
export function createPrefixIndex(budgetBytes: number): PrefixIndex {
  let snapshots: Snapshot[] = [];
  let clock = 0;
  let version = 0;
  let bytes = 0;
  const remove = (snapshot: Snapshot): void => {
    snapshots = snapshots.filter((other) => other !== snapshot);
    bytes -= snapshot.bytes;
  };
  const uselessness = (snapshot: Snapshot): number =>
    (snapshot.bytes * (1 + clock - snapshot.lastUse)) / (1 + snapshot.hits);
  return {
    get bytes() {
      return bytes;
    },
    get size() {
      return snapshots.length;
    },
    longest(tokens) {
      let best: { snapshot: Snapshot; length: number } | null = null;
      for (const snapshot of snapshots) {
        const length = commonLength(snapshot.tokens, tokens);
        if (length > (best?.length ?? 0)) best = { snapshot, length };
      }
      return best;
    },
    get version() {
      return version;
    },
    scoresOf(tokens) {
      const known = new Map<number, TokenScore>();
      for (const snapshot of snapshots) {
        if (snapshot.scores.size === 0) continue;
        const length = commonLength(snapshot.tokens, tokens);
        for (const [position, score] of snapshot.scores) {
          const richer = score.alternatives.length > (known.get(position)?.alternatives.length ?? -1);
          if (position < length && richer) known.set(position, score);
        }
      }
      return known;
    },
    learn(tokens, scores) {
      const found = this.longest(tokens);
      if (!found || scores.size === 0) return;
      for (const [position, score] of scores) if (position < found.length) found.snapshot.scores.set(position, score);
      version++;
    },
    touch(snapshot) {
      snapshot.lastUse = ++clock;
      snapshot.hits++;
    },
    drop(path) {
      for (const snapshot of snapshots.filter((one) => one.path === path)) remove(snapshot);
      version++;
    },
    add(tokens, path, size, scores) {
      const added: Snapshot = {
        tokens: tokens.slice(),
        path,
        bytes: size,
        scores: new Map(scores),
        lastUse: ++clock,
        hits: 0,
      };
      const gone: Snapshot[] = [];
      for (const other of snapshots) {
        if (commonLength(other.tokens, tokens) < other.tokens.length) continue;
        for (const [position, score] of other.scores) added.scores.set(position, score);
        added.hits += other.hits;
        gone.push(other);
      }
      for (const other of gone) remove(other);
      snapshots.push(added);
      bytes += size;
      version++;
      while (bytes > budgetBytes && snapshots.length > 1) {
        const worst = snapshots
          .filter((snapshot) => snapshot !== added)
          .reduce((left, right) => (uselessness(right) > uselessness(left) ? right : left));
        remove(worst);
        gone.push(worst);
      }
      return gone;
    },
  };
}
