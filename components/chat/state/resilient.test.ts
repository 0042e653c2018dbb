import { describe, expect, test, vi } from "vitest";
import { type ResilientInput, resilientStream } from "./resilient.ts";
import type { Chunk } from "./sse.ts";

const run = {
  runId: "r",
  conversationId: "c",
  userMessageId: "u",
  preset: "balanced" as const,
  startedAt: "2026-01-01",
};
const start: Chunk = { type: "start", messageId: "m" };
const data: Chunk = { type: "data-run", id: "run", data: run };
const delta = (text: string): Chunk => ({ type: "text-delta", id: "t", delta: text });
const begin: Chunk = { type: "text-start", id: "t" };
const finish: Chunk = { type: "finish" };

/** A connection that says these chunks and then ends, or breaks. */
function connection(chunks: readonly Chunk[], end: "closed" | "broken" = "closed"): Response {
  const bytes = new TextEncoder();
  const lines = chunks.map((chunk) => bytes.encode(`id: 1\ndata: ${JSON.stringify(chunk)}\n\n`));
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = lines.shift();
        if (next) controller.enqueue(next);
        else if (end === "closed") controller.close();
        else controller.error(new TypeError("network"));
      },
    }),
  );
}

async function read(input: Partial<ResilientInput> & { first: ResilientInput["first"] }) {
  const stream = await resilientStream({
    reopen: () => Promise.reject(new Error("not expected")),
    onConnection: () => undefined,
    wait: () => Promise.resolve(),
    ...input,
  });
  const chunks: Chunk[] = [];
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  return { chunks, text: chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("") };
}

describe("one unbroken stream out of broken ones", () => {
  test("a whole stream passes as it is, its text as one part", async () => {
    const { chunks, text } = await read({
      first: async () => connection([start, data, begin, delta("Hel"), delta("lo"), finish]),
    });
    expect(text).toBe("Hello");
    expect(chunks.map((chunk) => chunk.type)).toEqual([
      "start",
      "data-run",
      "text-start",
      "text-delta",
      "text-delta",
      "text-end",
      "finish",
    ]);
  });

  test("after a break the folded journal adds only what is new: never doubled, never shorter", async () => {
    const reopen = vi
      .fn<ResilientInput["reopen"]>()
      .mockResolvedValueOnce(connection([start, data, begin, delta("Hello, wor")], "broken"))
      .mockResolvedValueOnce(connection([start, data, begin, delta("Hello, world"), delta("!"), finish]));
    const { chunks, text } = await read({
      first: async () => connection([start, data, begin, delta("Hel"), delta("lo")], "broken"),
      reopen,
    });
    expect(text).toBe("Hello, world!");
    expect(reopen.mock.calls).toEqual([["r"], ["r"]]);
    expect(chunks.filter((chunk) => chunk.type === "start")).toHaveLength(1);
    expect(chunks.filter((chunk) => chunk.type === "text-start")).toHaveLength(1);
  });

  test("a fold that is shorter than what was shown takes nothing back", async () => {
    const { text } = await read({
      first: async () => connection([start, data, begin, delta("Hello")], "broken"),
      reopen: async () => connection([start, data, begin, delta("Hel"), delta("lo you"), finish]),
    });
    expect(text).toBe("Hello you");
  });

  test("an end without `finish` is a break: proxies close what they find too long", async () => {
    const { text } = await read({
      first: async () => connection([start, data, begin, delta("Hel")]),
      reopen: async () => connection([start, data, begin, delta("Hello"), finish]),
    });
    expect(text).toBe("Hello");
  });

  test("while the network is away it tries again and says so", async () => {
    const states: string[] = [];
    const reopen = vi
      .fn<ResilientInput["reopen"]>()
      .mockRejectedValueOnce(new Error("offline"))
      .mockRejectedValueOnce(new Error("offline"))
      .mockResolvedValueOnce(connection([start, data, begin, delta("Hello"), finish]));
    await read({
      first: async () => connection([start, data], "broken"),
      reopen,
      onConnection: (state) => states.push(state),
    });
    expect(states).toContain("lost");
    expect(states.at(-1)).toBe("ok");
  });

  test("what the first connection throws is thrown on: nothing was taken", async () => {
    await expect(read({ first: () => Promise.reject(new Error("offline")) })).rejects.toThrow("offline");
  });

  test("broken before the run has a name, it ends in an error part and not in silence", async () => {
    const { chunks } = await read({ first: async () => connection([start], "broken") });
    expect(chunks.map((chunk) => chunk.type)).toEqual(["start", "data-error", "finish"]);
  });

  test("an error chunk becomes an error part with a way to try again", async () => {
    const { chunks } = await read({
      first: async () => connection([start, data, { type: "error", errorText: "The model is away." }]),
    });
    expect(chunks.at(-2)).toMatchObject({ type: "data-error", data: { message: "The model is away.", retry: true } });
    expect(chunks.at(-1)).toEqual({ type: "finish" });
  });
});
