import { UI_MESSAGE_STREAM_HEADERS } from "ai";
import { describeError } from "../shared/describe-error.ts";
import { tail } from "../turns/tail.ts";
import { log } from "./log.ts";

/** Proxies cut connections on which nothing moves; a comment moves and means nothing. */
const keepAliveMs = 15_000;

/**
 * A run's journal as the AI SDK's UI message stream. Every event's `id` is the journal's seq, so that a reader whose
 * connection broke can go on after the last one it has. Closing it ends the reading, never the run.
 */
export function journalResponse(runId: string, after: number, request: Request): Response {
  const encoder = new TextEncoder();
  const leaving = new AbortController();
  const events = tail(runId, after, AbortSignal.any([request.signal, leaving.signal]));
  let keepAlive: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(keepAlive);
    leaving.abort();
    // Left at a chunk that nobody takes any more, it would listen for ever.
    void events.return(undefined);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      keepAlive = setInterval(() => controller.enqueue(encoder.encode(": still here\n\n")), keepAliveMs);
    },
    async pull(controller) {
      try {
        const next = await events.next();
        if (leaving.signal.aborted) return;
        if (next.done) {
          controller.enqueue(encoder.encode("data: [DONE]\n\n"));
          end();
          controller.close();
          return;
        }
        const { seq, chunk } = next.value;
        const cursor = seq === null ? "" : `id: ${seq}\n`;
        controller.enqueue(encoder.encode(`${cursor}data: ${JSON.stringify(chunk)}\n\n`));
      } catch (error) {
        log.error({ run: runId, error: describeError(error) }, "journal could not be read");
        end();
        controller.error(error);
      }
    },
    cancel: end,
  });
  return new Response(body, { headers: { ...UI_MESSAGE_STREAM_HEADERS, "cache-control": "no-store, no-transform" } });
}
