import { isFailure } from "./api.ts";
import { type Chunk, readChunks } from "./sse.ts";

/**
 * One unbroken stream out of many broken ones. A turn's work goes on when its reader leaves, and a reader that comes back
 * gets the journal folded: the same message id, the data parts, the text so far in one piece, then the live tail. So a lost
 * connection is opened again until the journal says `finish`, and only what is new is passed on: text never shrinks, is
 * never doubled, and whoever reads this stream never learns that the network was away.
 */
export type ResilientInput = {
  /** The first connection. What it throws before anything arrived is thrown on: the message was not taken. null: reopen. */
  first: () => Promise<Response | null>;
  /** The journal of a run, from its beginning. */
  reopen: (runId: string) => Promise<Response>;
  /** The run to reopen while the stream has not named it. */
  runId?: string | null;
  onConnection: (state: "ok" | "lost") => void;
  /** Resolves when it is worth trying again; `attempt` counts from 0. */
  wait: (attempt: number) => Promise<void>;
  signal?: AbortSignal | undefined;
};

export async function resilientStream(input: ResilientInput): Promise<ReadableStream<Chunk>> {
  const response = await input.first();
  const chunks = follow(input, response);
  return new ReadableStream<Chunk>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}

const textId = "text";

async function* follow(input: ResilientInput, first: Response | null): AsyncGenerator<Chunk> {
  let response: Response | null = first;
  let runId = input.runId ?? null;
  let started = false;
  let shown = 0;
  let textOpen = false;
  let attempt = 0;

  while (!input.signal?.aborted) {
    let passed = 0;
    try {
      if (response?.body) {
        for await (const chunk of readChunks(response.body)) {
          if (input.signal?.aborted) return;
          attempt = 0;
          input.onConnection("ok");
          if (chunk.type === "start") {
            // The journal's first chunk again, after a reconnection.
            if (started) continue;
            started = true;
            yield chunk;
          } else if (chunk.type === "text-start" || chunk.type === "text-end") {
            // Folded into one text part below: its pieces must meet across connections.
          } else if (chunk.type === "text-delta") {
            passed += chunk.delta.length;
            const fresh = chunk.delta.slice(Math.max(0, chunk.delta.length - (passed - shown)));
            if (passed <= shown || fresh === "") continue;
            if (!textOpen) {
              textOpen = true;
              yield { type: "text-start", id: textId };
            }
            shown = passed;
            yield { type: "text-delta", id: textId, delta: fresh };
          } else if (chunk.type === "finish" || chunk.type === "abort") {
            if (textOpen) yield { type: "text-end", id: textId };
            yield chunk.type === "finish" ? chunk : { type: "finish" };
            return;
          } else if (chunk.type === "error") {
            if (textOpen) yield { type: "text-end", id: textId };
            yield failed("stream", chunk.errorText);
            yield { type: "finish" };
            return;
          } else {
            if (chunk.type === "data-run") runId = chunk.data.runId;
            yield chunk;
          }
        }
      } else if (response?.status === 204) {
        // Nothing to follow: the run is over and its message is in the conversation.
        yield { type: "finish" };
        return;
      }
    } catch {
      // The connection broke; the journal did not. Falls through to the next attempt.
    }
    if (input.signal?.aborted) return;
    if (runId === null) {
      yield failed("connection", "The connection was lost before the turn began. Your message is kept.");
      yield { type: "finish" };
      return;
    }
    if (attempt > 0 || !response) input.onConnection("lost");
    await input.wait(attempt);
    attempt += 1;
    try {
      response = await input.reopen(runId);
    } catch (cause) {
      response = null;
      input.onConnection("lost");
      if (isFailure(cause) && cause.name === "ApiError" && cause.status === 404) {
        if (textOpen) yield { type: "text-end", id: textId };
        yield failed("gone", "This turn is no longer on the server. Reload the page to see what is.");
        yield { type: "finish" };
        return;
      }
    }
  }
}

function failed(code: string, message: string): Chunk {
  return { type: "data-error", id: "error", data: { code, message, retry: true } };
}

/** 0.3, 0.6, 1.2 … at most 8 s with jitter, cut short when the browser says it is online again. */
export function backOff(attempt: number): Promise<void> {
  const delay = Math.min(8_000, 300 * 2 ** attempt) * (0.75 + Math.random() / 2);
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      resolve();
    };
    const timer = setTimeout(finish, delay);
    window.addEventListener("online", finish);
  });
}
