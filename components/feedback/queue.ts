import { z } from "zod";
import { type FeedbackBody, feedbackBodySchema } from "@/lib/shared/feedback.ts";

/**
 * Feedback on its way to the server. Every word is written to storage before it is sent and erased when the server has it, so a
 * lost network or a closed tab loses nothing; what is left is sent at the next start or when the browser is online again.
 * Order is kept: the log is append-only and a later thumb means more than an earlier one. The person's tabs share one storage,
 * so it is read again before every change of it, and one tab sends for all.
 */
const key = "parley.feedback";
const waitingSchema = z
  .array(z.object({ id: z.string().optional(), messageId: z.string(), body: feedbackBodySchema }))
  // Words written down before they had names.
  .transform((words) => words.map((each, index) => ({ ...each, id: each.id ?? `old-${index}` })));
export type Waiting = z.infer<typeof waitingSchema>[number];

/** Sends one word. Throws when it should be tried again; resolves also when the server will never take it. */
export type Deliver = (waiting: Waiting) => Promise<void>;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

export function createFeedbackQueue(deliver: Deliver, storage: Storage | null) {
  const shelf = shelfIn(storage);
  let flushing: Promise<void> | null = null;
  let added = 0;
  const tab = Math.random().toString(36).slice(2);

  async function drain(): Promise<void> {
    for (let next = shelf.read()[0]; next !== undefined; next = shelf.read()[0]) {
      const { id } = next;
      await deliver(next);
      shelf.write(shelf.read().filter((each) => each.id !== id));
    }
  }

  /** Sends what waits, in order, until one fails. */
  function flush(): Promise<void> {
    flushing ??= alone(drain)
      .catch(() => undefined)
      .finally(() => {
        flushing = null;
      });
    return flushing;
  }

  return {
    add(messageId: string, body: FeedbackBody): void {
      added += 1;
      shelf.write([...shelf.read(), { id: `${tab}-${added}`, messageId, body }]);
      void flush();
    },
    flush,
    size: (): number => shelf.read().length,
    /** What waits for a message: a page that reloads shows it as given. */
    pending: (messageId: string): FeedbackBody[] =>
      shelf
        .read()
        .filter((each) => each.messageId === messageId)
        .map((each) => each.body),
  };
}

export type FeedbackQueue = ReturnType<typeof createFeedbackQueue>;

/** The words in storage, or in memory from the moment storage is full or forbidden. */
function shelfIn(storage: Storage | null) {
  let memory: Waiting[] | null = storage === null ? [] : null;
  let seen: { stored: string; waiting: Waiting[] } = { stored: "[]", waiting: [] };
  return {
    read(): readonly Waiting[] {
      if (memory !== null) return memory;
      try {
        const stored = storage?.getItem(key) ?? "[]";
        // Every drawing of a reply asks: what has not changed is not read again.
        if (stored !== seen.stored) seen = { stored, waiting: waitingSchema.parse(JSON.parse(stored)) };
        return seen.waiting;
      } catch {
        return [];
      }
    },
    write(waiting: Waiting[]): void {
      try {
        if (memory === null) storage?.setItem(key, JSON.stringify(waiting));
        else memory = waiting;
      } catch {
        memory = waiting;
      }
    },
  };
}

/** While one tab sends, the others wait: what it sends is gone when their turn comes. One that sleeps is not waited for. */
async function alone(work: () => Promise<void>): Promise<void> {
  // Plain http has no locks.
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (locks === undefined) return work();
  const waited = AbortSignal.timeout(10_000);
  try {
    await locks.request(key, { signal: waited }, work);
  } catch (cause) {
    if (cause !== waited.reason) throw cause;
    await work();
  }
}
