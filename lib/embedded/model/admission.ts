import { type Crowd, isBackground, isForeground } from "./crowd.ts";
import { commonLength } from "./prefixes.ts";
import { isReading, knownTo, readingEnd, type Sequence, scoreStart, usableLength } from "./sequence.ts";
import { type States, worthCopying } from "./states.ts";

/** Of a long queue only the beginning is looked at in each step. */
const scanned = 64;

/**
 * Lets in those for whom there is a lane: the foreground first, then in the order of arrival. One who would read what a
 * reader is just reading waits until that has got there, and takes its state over.
 */
export async function admit(crowd: Crowd, states: States, lanes: number): Promise<void> {
  crowd.pauses.clear();
  const inOrder = [...crowd.queue.filter(isForeground), ...crowd.queue.filter(isBackground)];
  for (const sequence of inOrder.slice(0, scanned)) {
    if (!(await makeRoom(crowd, states, lanes, sequence))) return;
    if (!sequence.parked && !states.off && waitsForReader(crowd, states, sequence)) continue;
    crowd.queue = crowd.queue.filter((other) => other !== sequence);
    await states.begin(sequence, crowd.live);
    if (!sequence.begun) sequence.job.listener.started(sequence.read);
    sequence.begun = true;
    crowd.live.push(sequence);
  }
}

/** Whether some reader will soon have read clearly more of its text than is to be had now; if so, that one pauses there. */
function waitsForReader({ live, pauses }: Crowd, states: States, sequence: Sequence): boolean {
  let most = Math.max(states.saved(sequence), standing(live, sequence)) + worthCopying - 1;
  let reader: Sequence | null = null;
  for (const other of live) {
    const length = promised(sequence, other);
    if (length <= most) continue;
    most = length;
    reader = other;
  }
  if (!reader) return false;
  pauses.set(reader, Math.min(pauses.get(reader) ?? Number.POSITIVE_INFINITY, most));
  return true;
}

/** What `sequence` could take over at once of states that stand in lanes. */
function standing(live: readonly Sequence[], sequence: Sequence): number {
  let most = 0;
  for (const other of live) {
    if (other.lane < 0) continue;
    const common = Math.min(commonLength(other.tokens, sequence.tokens), other.read);
    most = Math.max(most, usableLength(sequence, common, knownTo(sequence, other)));
  }
  return most;
}

/** What `sequence` could take over of `reader` once that has read on. The foreground never waits for the background. */
function promised(sequence: Sequence, reader: Sequence): number {
  if (!isReading(reader) || (isForeground(sequence) && isBackground(reader))) return 0;
  const common = Math.min(commonLength(sequence.job.prompt, reader.job.prompt), readingEnd(reader));
  const known = knownTo(sequence, reader);
  const willScore = (position: number): boolean =>
    reader.job.scored > 0 &&
    position > reader.read &&
    position >= scoreStart(reader.job) &&
    (reader.job.alternatives ?? 0) >= (sequence.job.alternatives ?? 0);
  const length = usableLength(sequence, common, (position) => known(position) || willScore(position));
  // What it has read already is to be had now, or never.
  return length > reader.read ? length : 0;
}

/** Whether there is a lane for it. The foreground takes one from the background, but never the last. */
async function makeRoom(crowd: Crowd, states: States, lanes: number, sequence: Sequence): Promise<boolean> {
  const { live, queue } = crowd;
  if (isBackground(sequence)) return live.length < lanes;
  const background = queue.some(isBackground) || live.some(isBackground);
  if (live.filter(isForeground).length >= (background ? Math.max(1, lanes - 1) : lanes)) return false;
  if (live.length < lanes) return true;
  const youngest = live.findLast(isBackground);
  if (!youngest) return false;
  try {
    await states.park(youngest);
  } catch {
    return false;
  }
  crowd.live = live.filter((other) => other !== youngest);
  crowd.queue = [youngest, ...queue];
  return true;
}
