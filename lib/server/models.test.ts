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

test("every call is told to the turn that made it, also where the module is loaded twice, and to the log where none did", async () => {
  const first = await import("./models.ts");
  const { log } = await import("./log.ts");
  const info = vi.spyOn(log, "info").mockReturnValue();
  const reached = await first.models();
  const outside = () =>
    info.mock.calls.flatMap(([row, words]) => (words === "model called outside a turn" ? [row] : []));
  const probes = outside();
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
  // Finding out what the endpoint can do is paid for as well, and no turn has it.
  expect(probes.length).toBeGreaterThan(1);
  for (const row of probes) {
    const counts = { ms: expect.any(Number), tokensIn: expect.any(Number), tokensOut: expect.any(Number) };
    expect(row).toMatchObject({ model: "scripted", purpose: "probe", promptVersion: expect.any(String), ...counts });
  }
  expect(outside()).not.toContainEqual(expect.objectContaining({ purpose: "answer" }));
});
