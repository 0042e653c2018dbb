import { type Crowd, isBackground, isForeground } from "./crowd.ts";
import { commonLength } from "./prefixes.ts";
import { isReading, knownTo, readingEnd, type Sequence, scoreStart, usableLength } from "./sequence.ts";
import { type States, worthCopying } from "./states.ts";

/** Of a long queue only the beginning is looked at in each step, of either class. */
const scanned = 64;

/**
 * Lets in those for whom there is a lane: the foreground first, then in the order of arrival. One who would read what a
 * reader is just reading waits until that has got there, and takes its state over. The foreground takes lanes from the
 * background; where that leaves the background none, it gets one back, for a step, when it is `overdue`.
 */
export async function admit(crowd: Crowd, states: States, lanes: number, overdue: boolean): Promise<void> {
  crowd.pauses.clear();
  const full = (live: readonly Sequence[]): boolean => live.length >= lanes;
  if (overdue)
    await admitClass(crowd, states, crowd.queue.filter(isBackground), (live) => {
      if (live.some(isBackground)) return null;
      return full(live) ? (live.at(-1) ?? null) : "free";
    });
  await admitClass(crowd, states, crowd.queue.filter(isForeground), (live) => {
    const background = live.filter(isBackground);
    if (!full(live)) return "free";
    return overdue && background.length === 1 ? null : (background.at(-1) ?? null);
  });
  await admitClass(crowd, states, crowd.queue.filter(isBackground), (live) => (full(live) ? null : "free"));
}

/** `room`: a free lane, one that is to be taken from somebody, or none. */
async function admitClass(
  crowd: Crowd,
  states: States,
  waiting: readonly Sequence[],
  room: (live: readonly Sequence[]) => Sequence | "free" | null,
): Promise<void> {
  for (const sequence of waiting.slice(0, scanned)) {
    const lane = room(crowd.live);
    if (lane === null) return;
    if (!sequence.parked && !states.off && waitsForReader(crowd, states, sequence)) continue;
    if (lane !== "free" && !(await setAside(crowd, states, lane))) return;
    // From here on it is one of the living, so that it is told if its state should fail to come.
    crowd.queue = crowd.queue.filter((other) => other !== sequence);
    crowd.live.push(sequence);
    await states.begin(sequence, crowd.live);
    if (!sequence.begun) sequence.job.listener.started(sequence.read);
    sequence.begun = true;
  }
}

/** Takes its lane from a sequence, which goes on later, the first of its class. False where its state cannot be saved. */
async function setAside(crowd: Crowd, states: States, sequence: Sequence): Promise<boolean> {
  try {
    await states.park(sequence);
  } catch {
    return false;
  }
  crowd.live = crowd.live.filter((other) => other !== sequence);
  crowd.queue = [sequence, ...crowd.queue];
  return true;
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
