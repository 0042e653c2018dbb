import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { post, user } from "../testing.ts";
import { bytewise, type FakeServer, startFakeServer } from "./testing.ts";

const tokenize = vi.fn(bytewise.tokenize);
const holdsControl = vi.fn(bytewise.holdsControl);
let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer({ vocabulary: { tokenize, holdsControl, longestToken: 2 } });
});
afterAll(() => server.close());
beforeEach(() => vi.clearAllMocks());

test.each([
  ["/v1/completions", { prompt: Array.from({ length: 20_000 }, () => [1]), n: 128 }, "prompt"],
  ["/v1/completions", { prompt: Array.from({ length: 3 }, () => "x"), n: 86 }, "prompt"],
])("%s for more texts than may ever wait is refused before anything is made of it", async (path, body, param) => {
  const answer = await post(server, path, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatchObject({ param, message: expect.stringContaining("at most 256") });
  expect(tokenize).not.toHaveBeenCalled();
  expect(server.jobs).toEqual([]);
});

test.each([
  ["/v1/completions", { prompt: "x".repeat(2_001) }, "prompt"],
  ["/v1/completions", { prompt: ["x".repeat(2_001), "y"] }, "prompt"],
  ["/v1/chat/completions", { messages: user("x".repeat(2_001)) }, "messages"],
  ["/v1/chat/completions", { messages: Array.from({ length: 1_001 }, () => user("")[0]) }, "messages"],
])("%s that cannot fit is refused without tokenizing it", async (path, body, param) => {
  const answer = await post(server, path, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatchObject({ param, code: "context_length_exceeded" });
  expect(tokenize).not.toHaveBeenCalled();
  expect(holdsControl).not.toHaveBeenCalled();
});

test("of several texts none is tokenized behind one that is too long", async () => {
  const answer = await post(server, "/v1/completions", { prompt: ["x", "y".repeat(1_500), "z"] });
  expect(answer.body.error.code).toBe("context_length_exceeded");
  expect(tokenize).toHaveBeenCalledTimes(2);
});
