import { execFile } from "node:child_process";
import { access, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, Output, streamText } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultCacheFolder } from "../weights.ts";
import type { ModelServer } from "./start.ts";
import { idle, startTestServer, user } from "./testing.ts";

const run = promisify(execFile);
let server: ModelServer;
beforeAll(async () => {
  server = await startTestServer({ key: "secret" });
});
afterAll(() => server.close());

const schema = z.object({ colour: z.enum(["red", "green"]), count: z.int() });

describe("openai for Node", () => {
  const client = () => new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "secret", maxRetries: 0 });

  test("models, chat with log-probabilities, completions", async () => {
    const models = await client().models.list();
    expect(models.data[0]?.id).toBe("small");
    const answer = await client().chat.completions.create({
      model: "small",
      messages: user("Hello"),
      max_completion_tokens: 4,
      logprobs: true,
      top_logprobs: 2,
      seed: 1,
    });
    expect(answer.choices[0]?.logprobs?.content).toHaveLength(answer.usage?.completion_tokens ?? -1);
    const completion = await client().completions.create({
      model: "small",
      prompt: "One, two,",
      max_tokens: 2,
      logprobs: 3,
    });
    expect(completion.choices[0]?.logprobs?.tokens).toHaveLength(2);
  });

  test("streaming, usage at the end, abort in the middle", async () => {
    const request = { model: "small", messages: user("Tell a long story."), stream: true as const };
    let text = "";
    let tokens = 0;
    const whole = await client().chat.completions.create({
      ...request,
      max_tokens: 6,
      stream_options: { include_usage: true },
    });
    for await (const chunk of whole) {
      text += chunk.choices[0]?.delta.content ?? "";
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    expect(text.length).toBeGreaterThan(3);
    expect(tokens).toBeLessThanOrEqual(6);
    const endless = await client().chat.completions.create({ ...request, max_tokens: 800 });
    for await (const _ of endless) endless.controller.abort();
    await idle(server);
  });

  test("errors arrive as the library's own kinds", async () => {
    const wrong = client().chat.completions.create({ model: "small", messages: user("x"), temperature: 5 });
    await expect(wrong).rejects.toMatchObject({ status: 400, param: "temperature" });
    const keyless = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "wrong", maxRetries: 0 });
    await expect(keyless.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });
});

describe("the AI SDK's OpenAI provider", () => {
  const model = () => createOpenAI({ baseURL: `${server.url}/v1`, apiKey: "secret" }).chat("small");

  test("generateText with log-probabilities", async () => {
    const result = await generateText({
      model: model(),
      prompt: "Hello",
      maxOutputTokens: 4,
      seed: 1,
      providerOptions: { openai: { logprobs: 3 } },
    });
    expect(result.text.length).toBeGreaterThan(1);
    expect(result.usage.outputTokens).toBeLessThanOrEqual(4);
    const logprobs = result.finalStep.providerMetadata?.openai?.logprobs as { top_logprobs: unknown[] }[];
    expect(logprobs[0]?.top_logprobs).toHaveLength(3);
  });

  test("streamText, and abort", async () => {
    const stream = streamText({ model: model(), prompt: "Hello", maxOutputTokens: 5, seed: 1 });
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    expect(text).toBe(await stream.text);
    expect(text.length).toBeGreaterThan(1);
    const stop = new AbortController();
    const endless = streamText({ model: model(), prompt: "Tell a story.", abortSignal: stop.signal });
    for await (const _ of endless.textStream) stop.abort();
    await idle(server);
  });

  test("Output.object", async () => {
    const { output } = await generateText({
      model: model(),
      prompt: "Pick a colour and a number.",
      maxOutputTokens: 60,
      output: Output.object({ schema }),
    });
    expect(schema.parse(output)).toEqual(output);
  });
});

const script = `
import sys
from openai import OpenAI, BadRequestError
client = OpenAI(base_url=sys.argv[1], api_key="secret", max_retries=0)
assert client.models.list().data[0].id == "small"
chat = client.chat.completions.create(model="small", messages=[{"role": "user", "content": "Hello"}], max_tokens=4, n=2,
    logprobs=True, top_logprobs=2, seed=1)
assert len(chat.choices) == 2 and chat.usage.completion_tokens <= 8
assert len(chat.choices[0].logprobs.content[0].top_logprobs) == 2
chunks = list(client.chat.completions.create(model="small", messages=[{"role": "user", "content": "Hello"}], max_tokens=4,
    stream=True, stream_options={"include_usage": True}))
assert chunks[-1].usage.completion_tokens <= 4
scored = client.completions.create(model="small", prompt="The sun is hot.", max_tokens=0, echo=True, logprobs=1)
assert scored.choices[0].text == "The sun is hot." and scored.choices[0].logprobs.token_logprobs[0] is None
assert all(value < 0 for value in scored.choices[0].logprobs.token_logprobs[1:])
picked = client.chat.completions.create(model="small", messages=[{"role": "user", "content": "Yes?"}], max_tokens=20,
    response_format={"type": "json_schema", "json_schema": {"name": "a", "strict": True,
    "schema": {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}}})
assert picked.choices[0].message.content.replace(" ", "") in ('{"ok":true}', '{"ok":false}')
try:
    client.completions.create(model="small", prompt="x", max_tokens=1, logprobs=99)
    raise SystemExit("the wrong value was taken")
except BadRequestError as error:
    assert error.param == "logprobs", error.param
print("python is content")
`;

/** A virtual environment with the official package, made once and kept beside the weights. */
async function pythonWithOpenAi(): Promise<string> {
  const folder = join(defaultCacheFolder(), "python-openai-3.54.0");
  const python = join(folder, "bin", "python");
  const made = await access(join(folder, "done")).then(
    () => true,
    () => false,
  );
  if (made) return python;
  await rm(folder, { recursive: true, force: true });
  await run("python3", ["-m", "venv", folder]);
  await run(python, ["-m", "pip", "install", "--quiet", "openai==3.54.0"]);
  await writeFile(join(folder, "done.part"), "");
  await rename(join(folder, "done.part"), join(folder, "done"));
  return python;
}

test("openai for Python", { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-python-"));
  await writeFile(join(folder, "check.py"), script);
  const { stdout } = await run(await pythonWithOpenAi(), [join(folder, "check.py"), `${server.url}/v1`]);
  expect(stdout).toContain("python is content");
  await rm(folder, { recursive: true });
});
