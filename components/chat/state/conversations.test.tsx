import { afterEach, expect, test, vi } from "vitest";
import { onChangeElsewhere } from "./channel.ts";
import { createConversations } from "./conversations.ts";

const server = vi.fn<(path: string, init?: RequestInit) => Promise<Response>>();
vi.stubGlobal("fetch", server);
afterEach(() => server.mockReset());

test("a new title is told to this page too, whose top bar and window title show it", async () => {
  const changed = vi.fn();
  const forget = onChangeElsewhere(changed);
  const conversations = createConversations();
  server.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await conversations.change("c", { title: "Letters" });
  expect(changed).not.toHaveBeenCalled();
  server.mockResolvedValueOnce(Response.json({}));
  await conversations.change("c", { title: "Letters" });
  expect(changed).toHaveBeenCalledExactlyOnceWith("c");
  forget();
});
