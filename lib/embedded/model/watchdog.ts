export class Stuck extends Error {
  override readonly name = "Stuck";
}

/** Rejects with Stuck when the work takes longer than `milliseconds`. The work itself cannot be stopped: abandon it. */
export async function watched<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Stuck(`the model gave no answer for ${Math.round(milliseconds / 1_000)} s`)),
    milliseconds,
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
