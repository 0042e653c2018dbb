import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { namedScenario } from "../../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import type { UsageRow } from "../store/usage.ts";

let endpoint: ScriptedEndpoint;
beforeAll(async () => {
  endpoint = await startScriptedEndpoint({ scenario: namedScenario("journeys-instant") });
  vi.stubEnv("OPENAI_BASE_URL", endpoint.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await endpoint.close();
});

const ask = (models: Awaited<ReturnType<typeof import("./models.ts").models>>, text: string) =>
  Promise.resolve(
    models.ports().answer({
      history: [{ role: "user", text }],
      seed: 1,
      signal: new AbortController().signal,
      priority: "foreground",
      onText: () => undefined,
    }),
  );

test("every call is told to the turn that made it, also where the module is loaded twice", async () => {
  const first = await import("./models.ts");
  const reached = await first.models();
  vi.resetModules();
  // In production each bundle has its own copy of this module, and one of them has reached the models.
  const second = await import("./models.ts");
  expect(second).not.toBe(first);
  expect(await second.models()).toBe(reached);
  const told: UsageRow[][] = [[], []];
  const turn = (index: number) =>
    second.attributeCalls(
      (row) => told[index]?.push(row),
      () => ask(reached, `Turn ${index}`),
    );
  await Promise.all([turn(0), turn(1), turn(0)]);
  expect(told.map((rows) => rows.map((row) => row.purpose))).toEqual([["answer", "answer"], ["answer"]]);
  expect(told[0]?.[0]).toMatchObject({ model: "scripted", outcome: "ok", attempt: 1 });
});
