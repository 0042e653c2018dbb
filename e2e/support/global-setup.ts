import { namedScenario } from "../endpoint/scenario.ts";
import { startScriptedEndpoint } from "../endpoint/server.ts";
import { startApp } from "./app.ts";

/**
 * What all journeys share: the scripted endpoint (PARLEY_E2E_ENDPOINT, with /v1; it takes scenarios over HTTP) and the
 * production build of Parley in front of it, on a throw-away data folder (PARLEY_E2E_DATABASE_URL is its Postgres).
 */
export default async function setup(): Promise<() => Promise<void>> {
  const endpoint = await startScriptedEndpoint({ scenario: namedScenario("journeys") });
  const app = await startApp({
    port: Number(process.env.PARLEY_E2E_PORT),
    env: { OPENAI_BASE_URL: endpoint.url },
  });
  process.env.PARLEY_E2E_ENDPOINT = endpoint.url;
  process.env.PARLEY_E2E_DATABASE_URL = app.record().databaseUrl;
  process.env.PARLEY_E2E_DATA = app.dataFolder;
  return async () => {
    await app.remove();
    await endpoint.close();
  };
}
