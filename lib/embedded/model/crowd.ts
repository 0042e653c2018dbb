import type { Sequence } from "./sequence.ts";

/** Who is being served and who waits. Changed between steps only. */
export interface Crowd {
  /** All of them step together. */
  live: Sequence[];
  queue: Sequence[];
  /** How far a reader may read before those who wait for its state take it over. */
  readonly pauses: Map<Sequence, number>;
}

export const isForeground = (sequence: Sequence): boolean => sequence.job.priority === "foreground";
export const isBackground = (sequence: Sequence): boolean => !isForeground(sequence);
