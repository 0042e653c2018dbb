/**
 * `npm run prisma -- <command>`: Prisma's CLI with the WASM engine in place of the one it would download.
 * Without DATABASE_URL, a command that needs a database gets a throw-away embedded one, so that authoring a migration
 * never touches anybody's data.
 *
 * `npm run prisma -- new <name>` writes the next migration: the SQL from the migrations so far to the schema as it is.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "../lib/embedded/postgres.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const OFFLINE = ["generate", "format", "validate", "version", "-v", "--help"];

function prisma(words: string[], databaseUrl?: string, capture = false): Promise<{ code: number; output: string }> {
  const cli = join(root, "node_modules/prisma/build/index.js");
  const environment = {
    ...process.env,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    PRISMA_SCHEMA_ENGINE_BINARY: join(root, "prisma/engine/schema-engine.ts"),
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
    // The engine's shebang must find this Node, whichever way we were started.
    PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`,
  };
  return new Promise((resolve) => {
    const stdio = ["inherit", capture ? "pipe" : "inherit", "inherit"] as const;
    const child = spawn(process.execPath, [cli, ...words], { cwd: root, env: environment, stdio: [...stdio] });
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs `work` against DATABASE_URL, or against a fresh embedded Postgres that is thrown away afterwards. */
async function withDatabase(work: (url: string) => Promise<number>): Promise<number> {
  if (process.env.DATABASE_URL) return work(process.env.DATABASE_URL);
  const folder = mkdtempSync(join(tmpdir(), "parley-prisma-"));
  const postgres = await startPostgres(folder);
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeMigration(name: string, url: string): Promise<number> {
  const words = ["migrate", "diff", "--from-migrations", "prisma/migrations", "--to-schema", "prisma/schema.prisma"];
  mkdirSync(join(root, "prisma/migrations"), { recursive: true });
  const { code, output } = await prisma([...words, "--script"], url, true);
  if (code !== 0) return code;
  if (/^-- This is an empty migration/m.test(output)) {
    console.log("The migrations already lead to this schema; nothing written.");
    return 0;
  }
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join("prisma/migrations", `${stamp}_${name}`);
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, "migration.sql"), `${output.trim()}\n`);
  writeFileSync(join(root, "prisma/migrations/migration_lock.toml"), 'provider = "postgresql"\n');
  console.log(`Wrote ${folder}/migration.sql; read it before you commit it.`);
  return 0;
}

const words = process.argv.slice(2);
if (words[0] === "migrate" && words[1] === "dev") {
  console.error("The WASM engine cannot do `migrate dev`. Write the next migration with: npm run prisma -- new <name>");
  process.exitCode = 1;
} else if (words[0] === "new")
  process.exitCode = await withDatabase((url) => writeMigration(words[1] ?? "change", url));
else if (OFFLINE.includes(words[0] ?? "--help")) process.exitCode = (await prisma(words)).code;
else process.exitCode = await withDatabase(async (url) => (await prisma(words, url)).code);
