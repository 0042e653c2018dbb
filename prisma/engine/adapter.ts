import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import pg from "pg";

/** Postgres' internal one-byte "char" appears in the catalogue the engine reads; the adapter knows only bpchar. */
const CHAR = 18;
const BPCHAR = 1042;

/** Columns that were of that type: the engine insists on characters there, and the adapter calls bpchar a text. */
const characters = new Set<string>();

type RowDescription = { fields: { name: string; dataTypeID: number }[] };
type QueryPrototype = { handleRowDescription(description: RowDescription): void };

function readInternalCharAsText(): void {
  const prototype = (pg as unknown as { Query: { prototype: QueryPrototype } }).Query.prototype;
  const original = prototype.handleRowDescription;
  prototype.handleRowDescription = function handle(description) {
    for (const field of description.fields) {
      if (field.dataTypeID !== CHAR) continue;
      field.dataTypeID = BPCHAR;
      characters.add(field.name);
    }
    original.call(this, description);
  };
}

/** Parts instead of a connection string: with a string, `database` is ignored and the shadow database is the main one. */
function toConfig(url: string): pg.PoolConfig {
  if (!url) return {};
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const mode = searchParams.get("sslmode");
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)) || "postgres",
    ...(mode && mode !== "disable" ? { ssl: { rejectUnauthorized: mode === "verify-full" } } : {}),
  };
}

async function connect(config: pg.PoolConfig, afterwards?: () => Promise<void>): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(config).connect();
  const dispose = adapter.dispose.bind(adapter);
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
      const result = await queryRaw(query);
      const { Character, Text } = ColumnTypeEnum;
      const columnTypes = result.columnTypes.map((type, index) =>
        type === Text && characters.has(result.columnNames[index] ?? "") ? Character : type,
      );
      return { ...result, columnTypes };
    },
    // The adapter's own splits at every semicolon, which breaks function bodies and quoted text.
    executeScript: async (script: string) => {
      await adapter.underlyingDriver().query(script);
    },
    dispose: async () => {
      await dispose();
      await afterwards?.();
    },
  });
}

/** What the schema engine connects through. The shadow database lives beside the main one and is dropped when done. */
export function databaseFactory(url: string): SqlMigrationAwareDriverAdapterFactory {
  const config = toConfig(url);
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => connect(config),
    connectToShadowDb: async () => {
      const main = await connect(config);
      const database = `prisma_migrate_shadow_db_${randomUUID()}`;
      await main.executeScript(`CREATE DATABASE "${database}"`);
      // Closed first, dropped second: Postgres refuses to drop a database somebody is connected to.
      return connect({ ...config, database }, async () => {
        await main.executeScript(`DROP DATABASE "${database}"`);
        await main.dispose();
      });
    },
  };
}

readInternalCharAsText();
