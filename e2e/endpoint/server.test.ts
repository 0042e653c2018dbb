import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { namedScenario, scenario } from "./scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "./server.ts";

vi.setConfig({ testTimeout: 60_000 });

const open: ScriptedEndpoint[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((double) => double.close()));
});
const start = async (playing = namedScenario("journeys-instant")) => {
  const double = await startScriptedEndpoint({ scenario: playing });
  open.push(double);
  const root = double.url.replace(/\/v1$/, "");
  const post = (path: string, body: unknown) =>
    fetch(`${root}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  const json = async (path: string): Promise<Record<string, unknown>> =>
    (await (await fetch(`${root}${path}`)).json()) as Record<string, unknown>;
  return { double, post, json };
};
const chatOf = (text: string) => ({ model: "scripted", messages: [{ role: "user", content: text }] });

test("it tells its health, its model and its calls, and forgets them when asked", async () => {
  const { double, post, json } = await start();
  expect(await json("/health")).toEqual({ status: "ok" });
  expect(await json("/v1/models")).toMatchObject({ data: [{ id: "scripted", context_length: 8192 }] });
  expect((await post("/v1/chat/completions", chatOf("hi"))).status).toBe(200);
  expect(await json("/__calls")).toMatchObject({ total: 1, active: 0, byRole: { probe: 1 } });
  double.clearCalls();
  expect(await json("/__calls")).toMatchObject({ total: 0, calls: [] });
});

test("another scenario, by name or whole, takes effect with the next call", async () => {
  const { post, json } = await start();
  expect(await (await post("/__scenario", { name: "journeys-plain" })).json()).toEqual({ name: "journeys-plain" });
  expect((await post("/v1/completions", { prompt: "x", max_tokens: 1 })).status).toBe(404);
  expect((await post("/__scenario", { name: "whole", model: "other" })).status).toBe(200);
  expect(await json("/v1/models")).toMatchObject({ data: [{ id: "other" }] });
  expect((await post("/__scenario", { name: "../../etc" })).status).toBe(400);
});

test("the same seed gives the same faults, and a repeated request may meet another fate", async () => {
  const playing = scenario({
    name: "faults",
    seed: 4,
    trouble: { errors: 0.3, malformed: 0, disconnects: 0, rateLimited: 0 },
  });
  const topic = { match: ".", clear: 1, answer: "Yes." };
  const run = async (): Promise<number[]> => {
    const { post } = await start({ ...playing, topics: scenario({ name: "t", topics: [topic] }).topics });
    const { assistantSystem } = await import("../../lib/models/prompts/assistant.ts");
    const statuses: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      const messages = [
        { role: "system", content: assistantSystem },
        { role: "user", content: `hello ${n >> 1}` },
      ];
      statuses.push((await post("/v1/chat/completions", { model: "scripted", messages })).status);
    }
    return statuses;
  };
  const first = await run();
  expect(await run()).toEqual(first);
  expect(first).toContain(500);
  expect(first).toContain(200);
  expect(first.some((status, n) => n % 2 === 1 && status !== first[n - 1])).toBe(true);
});

test("as a process it prints one ready line and stops on SIGTERM", async () => {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const ready = JSON.parse(chunk.toString()) as { ready: boolean; url: string; scenario: string };
    expect(ready).toMatchObject({ ready: true, scenario: "journeys" });
    expect((await fetch(`${ready.url}/models`)).status).toBe(200);
  } finally {
    child.kill("SIGTERM");
  }
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
});
