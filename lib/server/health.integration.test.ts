import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { namedScenario } from "../../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import { healthSchema } from "../shared/routes.ts";
import { database, disconnect } from "../store/client.ts";
import { readHealth } from "./health.ts";

let endpoint: ScriptedEndpoint;
beforeAll(async () => {
  endpoint = await startScriptedEndpoint({ scenario: namedScenario("journeys-instant") });
  vi.stubEnv("OPENAI_BASE_URL", endpoint.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await disconnect();
});

test("each part that fails is named, the others are still told", async () => {
  const first = healthSchema.parse(await readHealth());
  expect(first).toMatchObject({ status: "failed", database: "ok", model: { id: null } });
  await vi.waitFor(async () => expect((await readHealth()).status).toBe("ok"), { timeout: 5_000 });

  vi.spyOn(database(), "$queryRaw").mockRejectedValueOnce(new Error("gone"));
  expect(await readHealth()).toMatchObject({
    status: "failed",
    database: "cannot be reached",
    model: { status: "ok" },
  });

  await endpoint.close();
  expect(await readHealth()).toEqual({
    status: "failed",
    database: "ok",
    model: { status: "cannot be reached", id: "scripted" },
  });
});
