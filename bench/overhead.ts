/**
 * What the server adds to a turn: `direct` through `POST /api/chat` of a built server (session, limits, Postgres, journal,
 * stream) against a plain fetch of the same reply from the same endpoint, which answers without delay. Pairs in turn, one
 * at a time and then eight at a time. Builds what is not built: `npm run bench:overhead -- --turns 200`.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "../bin/steps/build.js";
import { generate } from "../bin/steps/generate.js";
import { namedScenario } from "../e2e/endpoint/scenario.ts";
import { startScriptedEndpoint } from "../e2e/endpoint/server.ts";
import { throwAwayPostgres } from "../e2e/support/postgres.ts";
import { freePort } from "../lib/embedded/port.ts";
import { childEnvironment } from "../lib/server/env.ts";

const { values } = parseArgs({ options: { turns: { type: "string", default: "100" } } });
const turns = Number(values.turns);
const text = "What is the capital of France?";

await generate();
await build();
const postgres = await throwAwayPostgres();
const endpoint = await startScriptedEndpoint({ scenario: namedScenario("journeys-instant") });
const port = await freePort();
const web = spawn(
  process.execPath,
  [
    fileURLToPath(new URL("../node_modules/next/dist/bin/next", import.meta.url)),
    "start",
    "-H",
    "127.0.0.1",
    "-p",
    `${port}`,
  ],
  {
    stdio: "ignore",
    env: childEnvironment({
      DATABASE_URL: postgres.url,
      OPENAI_BASE_URL: endpoint.url,
      PARLEY_SECRET: "for measuring only, never for real people",
      NODE_ENV: "production",
    }),
  },
);
const server = `http://127.0.0.1:${port}`;

try {
  await untilWell();
  for (let warm = 0; warm < 20; warm += 1) await Promise.all([plain(), throughServer(`warm${warm}`)]);
  for (const atOnce of [1, 8]) report(atOnce, await measure(atOnce));
} finally {
  web.kill();
  await endpoint.close();
  await postgres.stop();
}

type Times = { plain: number[]; server: number[]; first: number[] };

async function measure(atOnce: number): Promise<Times> {
  const times: Times = { plain: [], server: [], first: [] };
  for (let done = 0; done < turns; done += atOnce) {
    const batch = Array.from({ length: atOnce }, (_, index) => `${atOnce}/${done + index}`);
    times.plain.push(...(await Promise.all(batch.map(plain))));
    for (const { whole, first } of await Promise.all(batch.map(throughServer))) {
      times.server.push(whole);
      times.first.push(first);
    }
  }
  return times;
}

/** The reply straight from the endpoint, streamed and read to its end; milliseconds. */
async function plain(): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${endpoint.url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "scripted", stream: true, messages: [{ role: "user", content: text }] }),
  });
  await response.text();
  return performance.now() - began;
}

/** A new person's turn, read to its end; milliseconds to the first word and to the end. A guest each, so that no limit is met. */
async function throughServer(person: string): Promise<{ whole: number; first: number }> {
  const began = performance.now();
  const response = await fetch(`${server}/api/chat`, {
    method: "POST",
    // Every person behind an address of his own.
    headers: { "content-type": "application/json", "x-forwarded-for": person },
    body: JSON.stringify({ text, preset: "direct" }),
  });
  let first = 0;
  let read = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    read += decoder.decode(chunk, { stream: true });
    if (first === 0 && read.includes('"text-delta"')) first = performance.now() - began;
  }
  if (!read.includes('"finish"')) throw new Error(`The turn did not finish: ${read.slice(0, 300)}`);
  return { whole: performance.now() - began, first };
}

async function untilWell(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const well = await fetch(`${server}/api/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (well) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("The server does not get well.");
}

function report(atOnce: number, { plain, server, first }: Times): void {
  const at = (share: number, times: number[]) =>
    times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  const row = (name: string, times: number[]) =>
    `${name.padEnd(28)}${at(0.5, times).toFixed(1).padStart(9)}${at(0.95, times).toFixed(1).padStart(9)}`;
  const added = at(0.5, server) - at(0.5, plain);
  console.log(`\n${turns} turns, ${atOnce} at a time${"p50 ms".padStart(14)}${"p95 ms".padStart(9)}`);
  console.log(row("plain fetch", plain));
  console.log(row("turn, to the first word", first));
  console.log(row("turn, whole", server));
  console.log(
    `added by the server: ${added.toFixed(1)} ms a turn, ratio ${(at(0.5, server) / at(0.5, plain)).toFixed(1)}`,
  );
}
