import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { namedScenario } from "../e2e/endpoint/scenario.ts";
import { type ScriptedEndpoint, startScriptedEndpoint } from "../e2e/endpoint/server.ts";
import { type App, type AppOptions, launch, startApp } from "../e2e/support/app.ts";
import { freePort, isPortFree } from "../lib/embedded/port.ts";
import { isAlive } from "../lib/embedded/process.ts";
import { build } from "./steps/build.js";
import { generate } from "./steps/generate.js";

let endpoint: ScriptedEndpoint;
let folder = "";
let apps: App[] = [];

beforeAll(async () => {
  endpoint = await startScriptedEndpoint({ scenario: namedScenario("journeys") });
  await generate();
  await build();
}, 300_000);

afterAll(() => endpoint.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-start-"));
});

afterEach(async () => {
  for (const app of apps) await app.stop();
  apps = [];
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: AppOptions = {}): Promise<App> {
  const env = { OPENAI_BASE_URL: endpoint.url, ...options.env };
  const app = await startApp({ dataFolder: folder, ...options, env });
  apps.push(app);
  return app;
}

/** A start that is expected to end by itself: its exit code and all it said. */
async function failedStart(env: Record<string, string>, port?: number) {
  const { ended, said } = launch(
    { env: { OPENAI_BASE_URL: endpoint.url, ...env } },
    port ?? (await freePort()),
    folder,
  );
  return { code: await ended, said: said() };
}

async function ask(url: string | undefined, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url ?? "postgresql://nobody@127.0.0.1:1/nothing" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const healthOf = (app: App): Promise<number> => fetch(`${app.url}/api/health`).then(({ status }) => status);
const keep = "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)";

describe("npm start", () => {
  it("says one line with the address, and the port in it answers", async () => {
    const app = await start();
    expect(app.said().match(/^Parley is ready at .*$/gm)).toEqual([`Parley is ready at ${app.url}`]);
    expect(await healthOf(app)).toBe(200);
    expect(app.record().children.map(({ name }) => name)).toEqual(["Postgres", "Web server"]);
  });

  it("stops everything it started when told to, and ends well", async () => {
    const app = await start();
    const { children } = app.record();
    expect(await app.stop()).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect(app.record().children).toEqual([]);
  });

  it("refuses a data folder that is in use, and leaves the first one alone", async () => {
    const app = await start();
    const { code, said } = await failedStart({});
    expect(code).toBe(1);
    expect(said).toMatch(/already running with this data folder .*, as process \d+/);
    expect(await healthOf(app)).toBe(200);
  });

  it("uses the user's database and starts none", async () => {
    const own = await start();
    const other = mkdtempSync(join(tmpdir(), "parley-start-"));
    const app = await start({ dataFolder: other, env: { DATABASE_URL: own.record().databaseUrl } });
    expect(app.record().children.map(({ name }) => name)).toEqual(["Web server"]);
    expect(app.record().databaseUrl).toBeUndefined();
    expect(readdirSync(other)).not.toContain("postgres");
    await app.remove();
  });
});

describe("after kill -9", () => {
  it("of the web server, it comes back and says so", async () => {
    const app = await start();
    await app.kill("Web server");
    await vi.waitFor(() => expect(app.said()).toContain("Web server is back."), { timeout: 20_000 });
    expect(app.said()).toContain("Web server stopped (killed by SIGKILL)");
    // It is back with its pages; its models are asked meanwhile.
    await vi.waitFor(async () => expect(await healthOf(app)).toBe(200), { timeout: 20_000 });
  });

  it("of Postgres, it comes back with what was written", async () => {
    const app = await start();
    const { databaseUrl } = app.record();
    await ask(databaseUrl, keep);
    await app.kill("Postgres");
    await vi.waitFor(() => expect(app.said()).toContain("Postgres is back."), { timeout: 20_000 });
    expect(await ask(databaseUrl, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
    await vi.waitFor(async () => expect(await healthOf(app)).toBe(200), { timeout: 20_000 });
  });

  it("of all of it, the next start works and no data is lost", async () => {
    const first = await start();
    await ask(first.record().databaseUrl, keep);
    await first.kill("start", "supervisor", "Web server", "Postgres");
    const second = await start();
    expect(await ask(second.record().databaseUrl, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
    expect(await healthOf(second)).toBe(200);
  });

  it("of the two parents, the next start replaces the children they left", async () => {
    const first = await start();
    const { children } = first.record();
    await ask(first.record().databaseUrl, keep);
    await first.kill("start", "supervisor");
    expect(children.filter(isAlive)).toHaveLength(2);
    const second = await start({ port: Number(new URL(first.url).port) });
    expect(second.said()).toMatch(/Stopped what an earlier run had left behind: Web server, Postgres/);
    expect(children.filter(isAlive)).toEqual([]);
    expect(await ask(second.record().databaseUrl, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  it("of start.js alone, the rest stops by itself", async () => {
    const app = await start();
    const { children } = app.record();
    await app.kill("start");
    await vi.waitFor(() => expect(children.filter(isAlive)).toEqual([]), { timeout: 20_000 });
  });
});

describe("a start that cannot be", () => {
  it("names the port that is in use", async () => {
    const port = await freePort();
    const other = createServer().listen(port, "127.0.0.1");
    const { code, said } = await failedStart({}, port);
    other.close();
    expect(code).toBe(1);
    expect(said).toContain(
      `PORT: ${port} is in use by another program.\nStop the other program, or choose another port`,
    );
  });

  it.each([
    ["nothing listens", "postgresql://me:hush@127.0.0.1:1/mine", /DATABASE_URL: nothing listens at 127.0.0.1:1/],
    ["no such host", "postgresql://me:hush@no-such-host.invalid/mine", /DATABASE_URL: there is no host no-such-host/],
    ["not a URL", "me:hush@localhost/mine", /DATABASE_URL cannot be used: it is 22 characters/],
  ])("explains a DATABASE_URL where %s", async (_, url, message) => {
    const { code, said } = await failedStart({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(said).toMatch(message);
    expect(said).not.toContain("hush");
  });

  it.each([
    ["refuses the user", "password", /Postgres at 127.0.0.1:\d+ refuses user parley/],
    ["has no such database", "pathname", /there is no database nonsense at 127.0.0.1/],
  ] as const)("explains a database that %s", async (_, part, message) => {
    const app = await start();
    const url = new URL(app.record().databaseUrl ?? "");
    url[part] = "nonsense";
    const { ended, said } = launch(
      { env: { OPENAI_BASE_URL: endpoint.url, DATABASE_URL: url.href } },
      await freePort(),
      join(folder, "other"),
    );
    expect(await ended).toBe(1);
    expect(said()).toMatch(message);
    expect(said()).not.toContain(url.password);
  });

  it("says that the key is refused, and shows its shape alone", async () => {
    const port = await freePort();
    const refusing = createServer((_, response) => response.writeHead(401).end("{}")).listen(port, "127.0.0.1");
    const env = { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_API_KEY: "sk-of-somebody-else" };
    const { code, said } = await failedStart(env);
    refusing.close();
    expect(code).toBe(1);
    expect(said).toMatch(/OPENAI_API_KEY: .* refuses the key \(401\); it is 19 characters/);
    expect(said).not.toContain("sk-of");
  });

  it("refuses a base URL with a password in it, and says where a key belongs", async () => {
    const { code, said } = await failedStart({ OPENAI_BASE_URL: "http://me:hush@127.0.0.1:1/v1" });
    expect(code).toBe(1);
    expect(said).toContain("OPENAI_BASE_URL cannot be used: it is 29 characters, beginning with http://");
    expect(said).toContain("A key goes into OPENAI_API_KEY.");
    expect(said).not.toContain("hush");
  });

  it("says that the endpoint does not answer", async () => {
    const { code, said } = await failedStart({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
    expect(code).toBe(1);
    expect(said).toContain("The language model's endpoint http://127.0.0.1:1/v1 does not answer");
  });

  it.each(["OPENAI_MODEL", "SIMULATOR_MODEL", "JUDGE_MODEL"])(
    "names %s when the endpoint lists no such model",
    async (name) => {
      const { code, said } = await failedStart({ [name]: "no-such-model" });
      expect(code).toBe(1);
      expect(said).toContain(`${name}: ${endpoint.url} has no such model; the value is 13 characters.\nGive a name`);
      expect(said).toMatch(/or leave it out: scripted\.$/m);
    },
  );

  it("leaves nothing running and the folder free", async () => {
    await failedStart({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
    const app = await start();
    expect(await isPortFree(Number(new URL(app.url).port))).toBe(false);
  });
});
