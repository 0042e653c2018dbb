import { z } from "zod";
import { type FeedbackBody, feedbackBodySchema } from "@/lib/shared/feedback.ts";

/**
 * Feedback on its way to the server. Every word is written to storage before it is sent and erased when the server has it, so a
 * lost network or a closed tab loses nothing; what is left is sent at the next start or when the browser is online again.
 * Order is kept: the log is append-only and a later thumb means more than an earlier one.
 */
const key = "parley.feedback";
const waitingSchema = z.array(z.object({ messageId: z.string(), body: feedbackBodySchema }));
export type Waiting = z.infer<typeof waitingSchema>[number];

/** Sends one word. Throws when it should be tried again; resolves also when the server will never take it. */
export type Deliver = (waiting: Waiting) => Promise<void>;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

export function createFeedbackQueue(deliver: Deliver, storage: Storage | null) {
  let waiting = read(storage);
  let flushing: Promise<void> | null = null;

  function save(): void {
    try {
      storage?.setItem(key, JSON.stringify(waiting));
    } catch {
      // Full or forbidden: the copy in memory is still sent.
    }
  }

  async function drain(): Promise<void> {
    while (waiting[0] !== undefined) {
      const next = waiting[0];
      await deliver(next);
      waiting = waiting.filter((each) => each !== next);
      save();
    }
  }

  /** Sends what waits, in order, until one fails. */
  function flush(): Promise<void> {
    flushing ??= drain()
      .catch(() => undefined)
      .finally(() => {
        flushing = null;
      });
    return flushing;
  }

  return {
    add(messageId: string, body: FeedbackBody): void {
      waiting = [...waiting, { messageId, body }];
      save();
      void flush();
    },
    flush,
    size: (): number => waiting.length,
    /** What waits for a message: a page that reloads shows it as given. */
    pending: (messageId: string): FeedbackBody[] =>
      waiting.filter((each) => each.messageId === messageId).map((each) => each.body),
  };
}

export type FeedbackQueue = ReturnType<typeof createFeedbackQueue>;

function read(storage: Storage | null): Waiting[] {
  try {
    return waitingSchema.parse(JSON.parse(storage?.getItem(key) ?? "[]"));
  } catch {
    return [];
  }
}
