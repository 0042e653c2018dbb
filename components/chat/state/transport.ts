import type { ChatTransport } from "ai";
import type { RunPart } from "@/lib/shared/events.ts";
import { type Failure, isFailure, networkFailure, request, send } from "./api.ts";
import type { ParleyMessage } from "./message.ts";
import { backOff, resilientStream } from "./resilient.ts";
import type { Chunk } from "./sse.ts";

/** What a request of useChat is to do; travels in its `body` option. */
export type Action =
  | { do: "send"; id: string; text: string; parentId: string | null | undefined }
  | { do: "regenerate"; messageId: string }
  | { do: "resume"; runId: string };

export type TransportInput = {
  conversationId: () => string | null;
  liveRun: () => string | null;
  onConnection: (state: "ok" | "lost") => void;
  onRun: (run: RunPart) => void;
  /** The server did not take the request. */
  onRefused: (failure: Failure) => void;
};

const events = (runId: string) => request(`/api/runs/${encodeURIComponent(runId)}/events`);

/** useChat's way to the server: our routes, and a stream that survives a lost network (see resilient.ts). */
export function createTransport(input: TransportInput): ChatTransport<ParleyMessage> {
  const open = (first: () => Promise<Response | null>, runId: string | null, signal: AbortSignal | undefined) =>
    resilientStream({
      first,
      runId,
      reopen: events,
      onConnection: input.onConnection,
      wait: backOff,
      signal,
    }).then((stream) => watch(stream, input.onRun));

  return {
    async sendMessages({ body, abortSignal }) {
      const action = body as Action;
      try {
        return await open(() => perform(action, input.conversationId()), null, abortSignal);
      } catch (cause) {
        const failure = isFailure(cause) ? cause : networkFailure();
        input.onRefused(failure);
        throw failure;
      }
    },
    async reconnectToStream({ abortSignal }) {
      const runId = input.liveRun();
      if (runId === null) return null;
      // The run has a name: a way to it that is closed now is tried again, like one that breaks later.
      return open(() => events(runId).catch(() => null), runId, abortSignal);
    },
  };
}

async function perform(action: Action, conversationId: string | null): Promise<Response> {
  if (action.do === "send") {
    const { id, text, parentId } = action;
    const place = conversationId === null ? {} : { conversationId, parentId };
    try {
      return await send("POST", "/api/chat", { id, text, ...place });
    } catch (cause) {
      // A first message sent twice: its run is live already, so this is where it goes on.
      if (isFailure(cause) && cause.name === "ApiError" && cause.status === 409 && cause.runId && !conversationId) {
        return events(cause.runId);
      }
      throw cause;
    }
  }
  const route =
    action.do === "resume"
      ? `/api/runs/${encodeURIComponent(action.runId)}/resume`
      : `/api/messages/${encodeURIComponent(action.messageId)}/regenerate`;
  return streamOf(await send("POST", route));
}

/** A route may answer with the stream itself or with `{runId}` of the run to follow. */
async function streamOf(response: Response): Promise<Response> {
  if (!response.headers.get("content-type")?.includes("application/json")) return response;
  const body: unknown = await response.json();
  const runId = typeof body === "object" && body !== null && "runId" in body ? body.runId : null;
  if (typeof runId !== "string") throw networkFailure();
  return events(runId);
}

function watch(stream: ReadableStream<Chunk>, onRun: (run: RunPart) => void): ReadableStream<Chunk> {
  return stream.pipeThrough(
    new TransformStream<Chunk, Chunk>({
      transform(chunk, controller) {
        if (chunk.type === "data-run") onRun(chunk.data);
        controller.enqueue(chunk);
      },
    }),
  );
}
