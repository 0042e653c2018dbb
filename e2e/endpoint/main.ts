import { parseArgs } from "node:util";
import { namedScenario, readScenario } from "./scenario.ts";
import { startScriptedEndpoint } from "./server.ts";

/** `node e2e/endpoint/main.ts --port 0 --scenario FILE-OR-NAME`: prints one JSON line when it is ready, stops on a signal. */
const { values } = parseArgs({
  options: { port: { type: "string", default: "0" }, scenario: { type: "string", default: "journeys" } },
});
const scenario = values.scenario.endsWith(".json") ? readScenario(values.scenario) : namedScenario(values.scenario);
const endpoint = await startScriptedEndpoint({ scenario, port: Number(values.port) });
console.log(JSON.stringify({ ready: true, url: endpoint.url, port: endpoint.port, scenario: scenario.name }));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    endpoint.close().then(() => process.exit(0));
  });
