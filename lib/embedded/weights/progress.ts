export interface WeightsProgress {
  /** Bytes that are on disk. */
  readonly bytes: number;
  readonly total: number;
  /** Bytes a second over the last few seconds; 0 until known. */
  readonly rate: number;
  /** null until the rate is known. */
  readonly secondsLeft: number | null;
}

const windowMs = 5_000;
const intervalMs = 200;

/** Turns "so many bytes are there" into progress with a rate over the last five seconds, at most five times a second. */
export function progressMeter(
  total: number,
  report: ((progress: WeightsProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): (bytes: number) => void {
  const samples: { at: number; bytes: number }[] = [];
  let lastReport = Number.NEGATIVE_INFINITY;
  return (bytes) => {
    const at = now();
    samples.push({ at, bytes });
    while (samples.length > 2 && at - (samples[0]?.at ?? at) > windowMs) samples.shift();
    if (at - lastReport < intervalMs && bytes < total) return;
    lastReport = at;
    const first = samples[0] ?? { at, bytes };
    const rate = at > first.at ? ((bytes - first.bytes) / (at - first.at)) * 1_000 : 0;
    report?.({ bytes, total, rate, secondsLeft: rate > 0 ? (total - bytes) / rate : null });
  };
}
