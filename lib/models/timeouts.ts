import { aborted, ModelError } from "./errors.ts";

export interface Timeouts {
  /** From the request to the first byte of the answer; a server that queues needs patience here. */
  firstMs: number;
  /** Between two pieces of a stream. */
  idleMs: number;
  /** The whole call. */
  totalMs: number;
}

export const defaultTimeouts: Timeouts = { firstMs: 90_000, idleMs: 30_000, totalMs: 300_000 };

/** One try's leash: the caller's signal and our own clocks behind one AbortSignal, so every end closes the connection. */
export interface Leash {
  readonly signal: AbortSignal;
  /** A piece arrived: the idle clock starts anew. */
  alive(): void;
  /** Ends the try: clears the clocks and closes whatever is still open. */
  close(): void;
  /** Why the signal fired, if it did: our timeout or the caller's abort. */
  reason(): ModelError | null;
}

export function leash(outer: AbortSignal, timeouts: Timeouts): Leash {
  const controller = new AbortController();
  let why: ModelError | null = null;
  let open = true;

  const end = (reason: ModelError): void => {
    if (!open || why) return;
    why = reason;
    controller.abort(reason);
  };
  const late = (what: string) => () =>
    end(new ModelError("model_timeout", `The model's endpoint ${what}.`, { retryable: true }));

  let idle = setTimeout(late("did not begin to answer in time"), timeouts.firstMs);
  const total = setTimeout(late("took too long to finish"), timeouts.totalMs);
  const onAbort = (): void => end(aborted(outer.reason));
  if (outer.aborted) onAbort();
  else outer.addEventListener("abort", onAbort, { once: true });

  return {
    signal: controller.signal,
    alive: () => {
      clearTimeout(idle);
      if (open && !why) idle = setTimeout(late("fell silent in the middle of an answer"), timeouts.idleMs);
    },
    close: () => {
      if (!open) return;
      open = false;
      clearTimeout(idle);
      clearTimeout(total);
      outer.removeEventListener("abort", onAbort);
      controller.abort();
    },
    reason: () => why,
  };
}
