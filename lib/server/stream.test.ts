import { expect, test, vi } from "vitest";
import type { Told } from "../turns/tail.ts";
import { journalResponse } from "./stream.ts";

const { tail } = vi.hoisted(() => ({ tail: vi.fn() }));
vi.mock("../turns/tail.ts", () => ({ tail }));

test("a reader that leaves while chunks wait for it leaves no listener behind", async () => {
  const letGo = vi.fn();
  tail.mockImplementation(async function* (): AsyncGenerator<Told> {
    try {
      for (let seq = 1; ; seq += 1) yield { chunk: { type: "start", messageId: "m" }, seq };
    } finally {
      letGo();
    }
  });
  const reader = journalResponse(
    "r",
    0,
    new Request("http://localhost/"),
  ).body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  await reader.read();
  // The next chunk is in the queue, and the journal stands still behind it.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await reader.cancel();
  await vi.waitFor(() => expect(letGo).toHaveBeenCalledOnce());
});
