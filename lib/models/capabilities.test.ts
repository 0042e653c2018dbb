import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { namedScenario, type Scenario, scenario } from "../../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../../e2e/endpoint/server.ts";
import { type Capabilities, isSlow, probe, safeContextLength } from "./capabilities.ts";
import { createEndpoint } from "./endpoint.ts";
import { prefersScored } from "./makers.ts";
import { connect } from "./models.ts";
import { limits } from "./served.ts";

vi.setConfig({ testTimeout: 60_000 });

const open: ScriptedEndpoint[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((double) => double.close()));
});
const never = new AbortController().signal;
async function probed(playing: Scenario, wanted?: string) {
  const double = await startScriptedEndpoint({ scenario: playing });
  open.push(double);
  const endpoint = createEndpoint({ baseURL: double.url, retry: { attempts: 1 } });
  return { double, endpoint, capabilities: await probe(endpoint, wanted, never) };
}
const can = (logprobs: boolean, jsonSchema: boolean, completions: boolean, echo: boolean) =>
  scenario({ name: "test", can: { logprobs, jsonSchema, completions, echo } });

test("an endpoint that can do everything is found out to", async () => {
  const { capabilities, endpoint } = await probed(can(true, true, true, true));
  expect(capabilities).toMatchObject({ model: "scripted", contextLength: 8192, contextTold: true, slots: 24 });
  expect(capabilities).toMatchObject({ logprobs: true, jsonSchema: true, completions: true, echo: true, notes: [] });
  expect(endpoint.limiter.limit).toBe(24);
});

test("each missing capability is an answer with a reason, not an error", async () => {
  const { capabilities } = await probed(can(false, false, false, false));
  expect(capabilities).toMatchObject({ logprobs: false, jsonSchema: false, completions: false, echo: false });
  expect(capabilities.notes).toEqual(["no_logprobs", "no_json_schema", "no_completions:model_rejected"]);
});

test("completions without log-probabilities do not count", async () => {
  const { capabilities } = await probed(can(false, true, true, true));
  expect(capabilities).toMatchObject({ completions: false, echo: false });
});

test("an endpoint that tells nothing gets a safe context length", async () => {
  const { capabilities, endpoint } = await probed(scenario({ name: "test", contextLength: null, slots: 3 }), "mine");
  expect(capabilities).toMatchObject({ model: "mine", contextLength: safeContextLength, contextTold: false });
  expect(capabilities.notes).toContain("model_not_listed");
  expect(endpoint.limiter.limit).toBe(3);
});

test("nobody there, and a model is probed once though it plays three parts", async () => {
  const double = await startScriptedEndpoint({ scenario: namedScenario("journeys-instant") });
  const models = await connect({ baseURL: double.url, judgeModel: "scripted" }, never);
  expect(models.ids).toEqual({ assistant: "scripted", simulator: "scripted", judge: "scripted" });
  expect(double.calls().byRole).toEqual({ probe: 9 });
  await double.close();
  const failure = connect({ baseURL: double.url, retry: { attempts: 1 } }, never);
  await expect(failure).rejects.toMatchObject({ name: "ModelError", code: "model_unreachable" });
});

const measured = (more: Partial<Capabilities>): Capabilities => ({
  model: "m",
  contextLength: 8192,
  contextTold: true,
  slots: 16,
  logprobs: true,
  jsonSchema: true,
  completions: true,
  echo: true,
  reasoning: false,
  tokenMs: 10,
  notes: [],
  ...more,
});

test("how a model is asked follows from what was measured, never from its name", () => {
  expect(prefersScored(measured({}))).toBe(false);
  expect(prefersScored(measured({ tokenMs: 84 }))).toBe(true);
  expect(prefersScored(measured({ jsonSchema: false }))).toBe(true);
  expect(prefersScored(measured({ tokenMs: 84, completions: false }))).toBe(false);
  expect(isSlow(measured({ tokenMs: null }))).toBe(false);
  expect(limits(measured({ tokenMs: 84 }))).toMatchObject({ user: 24, imagined: 48 });
  expect(limits(measured({}))).toMatchObject({ user: 48, imagined: 160 });
});

test("a list of models that breaks off is an endpoint that cannot be reached", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-length": 1_000 }).write('{"data": [', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const failure = connect({ baseURL }, never);
  await expect(failure).rejects.toMatchObject({ name: "ModelError", code: "model_unreachable" });
  server.close();
});
