import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRegistry } from "./registry.ts";

const data = { runId: "r", conversationId: "c", userMessageId: "u", preset: "balanced", startedAt: "2026-01-01" };
const chunks = [{ type: "start", messageId: "a" }, { type: "data-run", id: "run", data }, { type: "finish" }];
/** The server names the conversation of a first message when it comes to it. */
let name: () => void = () => undefined;

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal(
    "fetch",
    (path: string) =>
      new Promise((resolve, reject) => {
        if (path !== "/api/chat") return reject(new TypeError("Failed to fetch"));
        name = () => resolve(new Response(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")));
      }),
  );
});
afterEach(() => vi.unstubAllGlobals());

test("a first message takes the page to its conversation", async () => {
  const onNamed = vi.fn();
  const registry = createRegistry(onNamed);
  registry.shown(null);
  const session = registry.of(null);
  const sending = session.send("First");
  name();
  await sending;
  expect(onNamed).toHaveBeenCalledExactlyOnceWith("c");
  registry.shown("c");
  expect(registry.of("c")).toBe(session);
  expect(registry.of(null)).not.toBe(session);
});

test("who went to another conversation meanwhile is not pulled back, and begins the next one anew", async () => {
  const onNamed = vi.fn();
  const registry = createRegistry(onNamed);
  registry.shown(null);
  const session = registry.of(null);
  const sending = session.send("First");
  registry.shown("other");
  name();
  await sending;
  expect(onNamed).not.toHaveBeenCalled();
  expect(registry.of("c")).toBe(session);
  expect(registry.of(null)).not.toBe(session);
});
