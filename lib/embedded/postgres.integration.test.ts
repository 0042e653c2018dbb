import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { type EmbeddedPostgres, startPostgres } from "./postgres.ts";
import { identify, isAlive, type ProcessIdentity, waitForEnd } from "./process.ts";

let folder = "";
let running: EmbeddedPostgres[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-postgres-"));
});

afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

async function start(port?: number): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres(folder, port);
  running.push(postgres);
  return postgres;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function identityOf(postgres: EmbeddedPostgres): ProcessIdentity {
  const identity = identify(postgres.child.pid ?? -1);
  if (!identity) throw new Error("Postgres has no process");
  return identity;
}

describe("embedded Postgres", () => {
  it("keeps what was written through kill -9", async () => {
    const first = await start();
    await ask(first.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
    const identity = identityOf(first);
    process.kill(identity.pid, "SIGKILL");
    await waitForEnd(identity, 10_000);
    const second = await start();
    expect(await ask(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  it("replaces the server of a launcher that was killed, and keeps the data", async () => {
    const first = await start();
    await ask(first.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
    const identity = identityOf(first);
    const second = await start(); // as a new launcher would: it knows nothing of the first but its folder
    expect(isAlive(identity)).toBe(false);
    expect(await ask(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  it("leaves a process alone that merely carries the id in an old pid file", async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(folder, "postgres/postmaster.pid"), `${process.pid}\n${folder}/postgres\n`);
    const second = await start();
    expect(await ask(second.url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
  });

  it("asks every user of the machine for the password", async () => {
    const { url } = await start();
    const stranger = new URL(url);
    stranger.password = "guess";
    await expect(ask(stranger.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  });

  it("refuses the data folder of another major version, and says what to do", async () => {
    await (await start()).stop();
    writeFileSync(join(folder, "postgres/PG_VERSION"), "17\n");
    await expect(startPostgres(folder)).rejects.toThrow(/belongs to PostgreSQL 17/);
  });
});

describe("migrations", () => {
  const ours = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

  it("are applied once, also when two start together", async () => {
    const { url } = await start();
    const [one, other] = await Promise.all([migrate(url, ours), migrate(url, ours)]);
    expect([...one, ...other].length).toBeGreaterThan(0);
    expect(await migrate(url, ours)).toEqual([]);
    const twice = "SELECT migration_name FROM _prisma_migrations GROUP BY 1 HAVING count(*) > 1";
    expect(await ask(url, twice)).toEqual([]);
  });

  it("stop when the database comes from a newer version", async () => {
    const { url } = await start();
    await migrate(url, ours);
    await ask(url, "UPDATE _prisma_migrations SET migration_name = '29990101000000_future'");
    await expect(migrate(url, ours)).rejects.toThrow(/does not know/);
  });
});
