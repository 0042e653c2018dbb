import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, expect, it } from "vitest";
import { checkEndpoint } from "./explain.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

type Pages = Record<string, unknown>;
type Set = Partial<Parameters<typeof checkEndpoint>[1]>;

/** An endpoint with these pages (a number: that status) and no other, that chats as the models `served` allows; what it says of these variables. */
async function check(pages: Pages, set: Set, served: (model: string) => boolean = () => false): Promise<string> {
  const opened = createServer(async (request, response) => {
    const chat = request.url === "/v1/chat/completions";
    const { model } = chat ? ((await json(request)) as { model: string }) : { model: "" };
    const page = chat ? served(model) || undefined : pages[request.url ?? ""];
    const status = typeof page === "number" ? page : page === undefined ? 404 : 200;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(page ?? { error: "not found" }));
  });
  server = opened;
  await new Promise<void>((listening) => opened.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(opened.address() as AddressInfo).port}/v1`;
  const none = { openaiApiKey: undefined, openaiModel: undefined, simulatorModel: undefined, judgeModel: undefined };
  try {
    await checkEndpoint(url, { ...none, ...set });
    return "fine";
  } catch (error) {
    const { message, cure } = error as Error & { cure: string };
    return `${message} ${cure}`.replace(url, "URL");
  }
}

const list = (...ids: string[]) => ({ "/v1/models": { object: "list", data: ids.map((id) => ({ id })) } });

it.each([
  ["OPENAI_MODEL", { openaiModel: "smal" }],
  ["SIMULATOR_MODEL", { openaiModel: "small", simulatorModel: "smal" }],
  ["JUDGE_MODEL", { openaiModel: "small", simulatorModel: "small", judgeModel: "smal" }],
])("a %s that is not in the list is named, with its shape and names that are", async (variable, set) => {
  expect(await check(list("large", "small"), set)).toBe(
    `${variable}: URL has no such model; the value is 4 characters. Give a name that it lists, or leave it out: small, large.`,
  );
});

it("of a long list the nearest names are shown, and how many more there are", async () => {
  const all = list("tts", "dall", "embed", "moderate", "gpt-5", "gpt-4.1", "gpt-4.1-mini");
  expect(await check(all, { openaiModel: "gpt-4.1-mni" })).toContain(
    "leave it out: gpt-4.1-mini, gpt-4.1, gpt-5, tts, dall (and 2 more).",
  );
});

it("every listed name is fine, as are Ollama's names without a tag and OpenRouter's variants", async () => {
  const set = { openaiModel: "llama3", simulatorModel: "vendor/model:online", judgeModel: "small" };
  expect(await check(list("llama3:latest", "vendor/model", "small"), set)).toBe("fine");
});

it("a name that the endpoint leaves out of its list but has a page for is fine", async () => {
  const hidden = { ...list("small"), "/v1/models/mine/tuned%3Aa": { id: "mine/tuned:a" } };
  expect(await check(hidden, { openaiModel: "mine/tuned:a" })).toBe("fine");
});

it("a name that is served though it has no page, as a deployment's is, is fine", async () => {
  expect(await check(list("small"), { openaiModel: "mine" }, (model) => model === "mine")).toBe("fine");
});

it("a server that answers every page, or every name, alike does not make a wrong name right", async () => {
  const alike = { ...list("small"), "/v1/models/smal": list("small")["/v1/models"] };
  expect(await check(alike, { openaiModel: "smal" })).toContain("OPENAI_MODEL: URL has no such model");
  expect(await check(alike, { openaiModel: "smal" }, () => true)).toContain("OPENAI_MODEL: URL has no such model");
});

it("without a whole list nothing is held against it", async () => {
  expect(await check({}, { openaiModel: "any" })).toBe("fine");
  expect(await check({ "/v1/models": "<html>" }, { openaiModel: "any" })).toBe("fine");
  expect(await check({ "/v1/models": { data: [{ id: "a" }], has_more: true } }, { openaiModel: "any" })).toBe("fine");
  expect(await check(list(), { openaiModel: "any" })).toBe("fine");
});

it("where none is set and none listed, the address is what is wrong", async () => {
  expect(await check({}, {})).toContain("OPENAI_BASE_URL: URL/models names no model (status 404).");
});

it("an endpoint that is ill is told from one that is wrong, and the variable is named", async () => {
  expect(await check({ "/v1/models": 503 }, {})).toBe(
    "The language model's endpoint URL answers 503. Wait until that server is well, then start again, or correct OPENAI_BASE_URL.",
  );
});
