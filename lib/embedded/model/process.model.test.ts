import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, expect, test } from "vitest";
import { ensureWeights, smolLm } from "../weights.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let modelPath = "";
beforeAll(async () => {
  modelPath = await ensureWeights(smolLm);
});

type Child = ChildProcessByStdio<null, Readable, Readable>;
const children: Child[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

function run(...options: string[]): Child {
  const child = spawn(process.execPath, [main, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

async function outcome(child: Child): Promise<{ code: number | null; out: string; err: string }> {
  let out = "";
  let err = "";
  child.stdout.on("data", (data: Buffer) => {
    out += data;
  });
  child.stderr.on("data", (data: Buffer) => {
    err += data;
  });
  const [code] = await once(child, "close");
  return { code, out, err };
}

async function ready(child: Child): Promise<{ port: number; url: string }> {
  const [line] = await once(child.stdout, "data");
  const told = JSON.parse(String(line));
  expect(told).toMatchObject({ ready: true, slots: 4, context: 512 });
  return told;
}

const small = (): string[] => [
  "--model",
  modelPath,
  "--port",
  "0",
  "--slots",
  "4",
  "--context",
  "512",
  "--threads",
  "1",
];

const ask = (url: string, maxTokens: number): Promise<Response> =>
  fetch(`${url}/v1/completions`, {
    method: "POST",
    body: JSON.stringify({ prompt: "The sea", max_tokens: maxTokens, stream: true }),
  });

test("kill -9 under load: the requests break off, nothing is left behind, the next one serves", async () => {
  const first = run(...small());
  const { url } = await ready(first);
  const other = run(...small());
  const bystander = await ready(other);
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(url, 400)));
  first.kill("SIGKILL");
  const broken = await Promise.allSettled(answers.map((answer) => answer.text()));
  expect(broken.some((result) => result.status === "rejected")).toBe(true);
  expect((await fetch(`${bystander.url}/health`)).status).toBe(200);

  const second = await ready(run(...small()));
  expect((await (await ask(second.url, 3)).text()).endsWith("data: [DONE]\n\n")).toBe(true);
  // The killed one's saved states were removed by its successor; the living ones' were not.
  const folders = await Promise.all([tmpdir(), "/dev/shm"].map((parent) => readdir(parent).catch((): string[] => [])));
  const left = folders.flat().filter((name) => name.startsWith(`parley-model-${first.pid}-`));
  expect(left).toEqual([]);
  expect(folders.flat().some((name) => name.startsWith(`parley-model-${other.pid}-`))).toBe(true);
});

test("SIGTERM ends it cleanly in the middle of a text", async () => {
  const child = run(...small());
  const { url } = await ready(child);
  const answer = await ask(url, 400);
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect(await answer.text()).toContain('"code":"stopping"');
});

test("--list names what is known and where it is", async () => {
  const { code, out } = await outcome(run("--list"));
  expect(code).toBe(0);
  expect(out).toMatch(/qwen2\.5-coder-1\.5b-instruct +1117 MB/);
  expect(out).toMatch(/smollm2-135m-instruct +98 MB +cached at /);
});

test("where the native library is missing the message names the way out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-test-"));
  const hook = join(folder, "hook.mjs");
  await writeFile(
    hook,
    `import { registerHooks } from "node:module";
     registerHooks({ resolve(name, context, next) {
       if (name === "node-llama-cpp") throw new Error("Cannot find package");
       return next(name, context);
     } });`,
  );
  const child = spawn(process.execPath, ["--import", hook, main, ...small()], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const { code, err } = await outcome(child);
  expect(code).toBe(1);
  expect(err).toMatch(/no ready-made library for .*OPENAI_BASE_URL/);
  expect(err).not.toMatch(/\n\s+at /);
  await rm(folder, { recursive: true });
});

test("a port in use, a wrong option, a missing file, a file that is no model, too little memory: each its message", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const address = holder.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const folder = await mkdtemp(join(tmpdir(), "parley-test-"));
  const broken = join(folder, "broken.gguf");
  await writeFile(broken, "GGUF, but not really");
  const cases: [string[], RegExp][] = [
    [["--model", modelPath, "--port", String(port), "--slots", "1"], /Port \d+ is in use/],
    [["--slots", "many"], /--slots must be a whole number/],
    [["--colour", "blue"], /--colour/],
    [["--model", "/nowhere/model.gguf"], /no model or file named/],
    [["--model", broken, "--port", "0"], /cannot be read as a GGUF/],
    [["--model", modelPath, "--slots", "256", "--context", "8192"], /needs .* of memory.*OPENAI_BASE_URL/],
    [["--model", modelPath, "--context", "1000000"], /must be 512 to \d+ tokens.*OPENAI_BASE_URL/],
  ];
  const outcomes = await Promise.all(cases.map(([options]) => outcome(run(...options))));
  for (const [index, [, message]] of cases.entries()) {
    expect(outcomes[index]?.code).toBe(1);
    expect(outcomes[index]?.err).toMatch(message);
    expect(outcomes[index]?.err).not.toMatch(/\n\s+at /);
  }
  holder.close();
  await rm(folder, { recursive: true });
});
