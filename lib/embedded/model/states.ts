import type { Backend } from "./backend.ts";
import { commonLength, createPrefixIndex, type PrefixIndex } from "./prefixes.ts";
import { knownTo, type Sequence, usableLength } from "./sequence.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";

/**
 * Model states on their way between lanes, and the cache of them. A copy is a file on a memory disk: 1 ms for 300
 * tokens, a seven-hundredth of reading them. Runs between steps only: nothing here may overlap a decode.
 */
export interface States {
  /** Finds the longest beginning of the sequence that is saved or stands in a lane of `live`, and takes it over. */
  begin(sequence: Sequence, live: readonly Sequence[]): Promise<void>;
  /** Keeps what a leaving sequence has read, where that is more than is saved already. */
  keep(sequence: Sequence, atLeast: number): Promise<void>;
  /** Takes a sequence off its lane; its state waits in a file. Rejects, changing nothing, where it cannot be saved. */
  park(sequence: Sequence): Promise<void>;
  /** Puts each sequence on its lane; those that stood on another are moved. Whose state is lost reads its text anew. */
  place(moves: readonly { readonly sequence: Sequence; readonly to: number }[]): Promise<void>;
  /** Length of the longest saved beginning that the sequence could take over. */
  saved(sequence: Sequence): number;
  /** Whether states are shared at all. */
  readonly off: boolean;
  /** Deletes the file of a parked sequence that will not come back. */
  discard(sequence: Sequence): void;
  readonly bytes: number;
  readonly count: number;
  close(): void;
}

/** A copy that spares fewer tokens than this is not worth its file. */
export const worthCopying = 16;

export function createStates(backend: () => Backend, budgetBytes: number): States {
  const folder: StateFolder = openStateFolder(budgetBytes);
  const index: PrefixIndex = createPrefixIndex(budgetBytes);
  /** Evicted files are deleted only after the next placement: a newcomer may still be about to load one. */
  let doomed: string[] = [];

  /** A full disk costs the copy, not the text: what is not saved is read again. */
  async function snapshot(sequence: Sequence): Promise<void> {
    const path = folder.next();
    let bytes: number;
    try {
      bytes = await backend().save(sequence.lane, path);
    } catch {
      folder.remove(path);
      return;
    }
    const tokens = sequence.tokens.slice(0, sequence.read);
    const scores = new Map([...sequence.scores].filter(([position]) => position < tokens.length));
    for (const gone of index.add(tokens, path, bytes, scores)) doomed.push(gone.path);
  }

  /** Loads a sequence's waiting state. A lost file (a folder that was cleaned) costs reading anew, and is not tried again. */
  async function restore(sequence: Sequence, lane: number, path: string): Promise<void> {
    try {
      await backend().load(lane, path);
      if (!sequence.borrowed) folder.remove(path);
    } catch {
      sequence.read = 0;
      index.drop(path);
      folder.remove(path);
    }
    sequence.parked = null;
  }

  /** Without a budget nothing is ever taken over: every text is read anew. */
  const off = budgetBytes <= 0;
  const savedFor = (sequence: Sequence) => {
    const found = index.longest(sequence.tokens);
    if (!found) return null;
    if (sequence.job.scored > 0 && sequence.scoresVersion !== index.version) {
      sequence.scoresVersion = index.version;
      for (const [position, score] of index.scoresOf(sequence.job.prompt)) sequence.scores.set(position, score);
    }
    const length = usableLength(sequence, found.length);
    return length >= worthCopying ? { ...found, length } : null;
  };

  return {
    off,
    get bytes() {
      return index.bytes;
    },
    get count() {
      return index.size;
    },
    saved: (sequence) => savedFor(sequence)?.length ?? 0,
    async begin(sequence, live) {
      if (sequence.parked || off) return;
      const have = savedFor(sequence)?.length ?? 0;
      let source: Sequence | null = null;
      let most = have + worthCopying - 1;
      for (const other of live) {
        if (other.lane < 0) continue;
        const common = Math.min(commonLength(other.tokens, sequence.tokens), other.read);
        const length = usableLength(sequence, common, knownTo(sequence, other));
        if (length <= most) continue;
        most = length;
        source = other;
      }
      if (source) await snapshot(source);
      const found = savedFor(sequence);
      if (!found) return;
      index.touch(found.snapshot);
      sequence.read = found.length;
      sequence.parked = found.snapshot.path;
      sequence.borrowed = true;
    },
    async keep(sequence, atLeast) {
      if (off || sequence.lane < 0) return;
      const covered = index.longest(sequence.tokens.slice(0, sequence.read))?.length ?? 0;
      if (sequence.read - covered >= atLeast) await snapshot(sequence);
      else index.learn(sequence.job.prompt, sequence.scores);
    },
    async park(sequence) {
      if (sequence.read > 0) {
        const path = folder.next();
        await backend().save(sequence.lane, path);
        sequence.parked = path;
        sequence.borrowed = false;
      }
      sequence.lane = -1;
    },
    async place(moves) {
      const staying = new Set<Sequence>();
      for (const { sequence } of moves) {
        if (sequence.lane < 0) continue;
        await this.park(sequence).catch(() => staying.add(sequence));
      }
      // Who cannot be moved (no space for its state) stays: a hole costs speed, not the text. Its own aim is then free.
      const held = new Set([...staying].map((sequence) => sequence.lane));
      const free = moves.filter(({ sequence, to }) => staying.has(sequence) && !held.has(to)).map(({ to }) => to);
      for (const { sequence, to: aim } of moves) {
        if (staying.has(sequence)) continue;
        const to = held.has(aim) ? (free.pop() ?? aim) : aim;
        if (sequence.parked) await restore(sequence, to, sequence.parked);
        backend().truncate(to, sequence.read);
        sequence.lane = to;
      }
      for (const path of doomed) folder.remove(path);
      doomed = [];
    },
    discard(sequence) {
      if (sequence.parked && !sequence.borrowed) folder.remove(sequence.parked);
      sequence.parked = null;
    },
    close: () => folder.close(),
  };
}
