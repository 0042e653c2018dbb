#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine, which its CLI would otherwise download from a host of Prisma's own.
 * Speaks the native engine's protocol (one JSON-RPC message a line over stdio) and delegates to the official WASM build
 * of the same engine, which comes from npm. `npm run prisma` points PRISMA_SCHEMA_ENGINE_BINARY here.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { databaseFactory } from "./adapter.ts";

type Rpc = { id: number; method: string; params?: Record<string, unknown>; result?: unknown };
type EngineMethods = Record<string, (params: unknown) => Promise<unknown>>;

const wasmFile = fileURLToPath(
  new URL("schema_engine_bg.wasm", import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg")),
);

/** The engine panics (a bug of its own, or a file it cannot take) by leaving its last words here and trapping. */
const panics: string[] = [];
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => panics.push(message) },
});

async function loadEngine(): Promise<void> {
  // The package's own entry imports the .wasm as a module, which Node does only behind a flag.
  const module = await WebAssembly.compile(readFileSync(wasmFile));
  const instance = await WebAssembly.instantiate(module, {
    "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports,
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
}

async function newEngine(schemaFiles: string[], url: string): Promise<EngineMethods> {
  const files = schemaFiles.map((file): [string, string] => [file, readFileSync(file, "utf8")]);
  const factory = bindMigrationAwareSqlAdapterFactory(databaseFactory(url));
  const options = { datamodels: files.length > 0 ? files : undefined };
  return (await bindings.SchemaEngine.new(options, () => undefined, factory)) as unknown as EngineMethods;
}

function send(message: unknown): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...(message as object) })}\n`);
}

/** The engine throws either a plain Error or one whose message is the user-facing error as JSON. */
function toRpcError(error: unknown) {
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown }).code;
  return { code: 4466, message: text, data: { is_panic: false, message: text, error_code: code ?? null, meta: null } };
}

/** Form the CLI uses before `migrate dev`: exit 0 when the database answers, else one JSON line on stderr and exit 1. */
async function cli(command: string, url: string): Promise<number> {
  try {
    if (command === "can-connect-to-database" || command === "create-database") {
      const adapter = await databaseFactory(url).connect();
      await adapter.executeScript("SELECT 1");
      await adapter.dispose();
      return 0;
    }
    throw new Error(`The WASM schema engine has no command ${command}.`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const fields = { error_code: "P1001", message: message || "Cannot reach the database." };
    process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}`);
    return 1;
  }
}

async function answer(request: Rpc, schemaFiles: string[], url: string): Promise<void> {
  const name = request.method === "getDatabaseVersion" ? "version" : request.method;
  try {
    // A fresh engine each time: one that has applied migrations no longer finds the way to a shadow database.
    const engine = await newEngine(schemaFiles, url);
    const result = await engine[name]?.(request.params);
    // The native engine prints a diff through the CLI instead of returning it.
    const text = name === "diff" ? (result as { stdout?: string | null }).stdout : null;
    if (text) send({ id: request.id, method: "print", params: { content: text } });
    send({ id: request.id, result: result ?? null });
  } catch (error) {
    send({ id: request.id, error: toRpcError(error) });
  }
}

async function serve(schemaFiles: string[], url: string): Promise<void> {
  await loadEngine();
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Rpc;
    if (request.result !== undefined) continue; // the CLI's answer to our `print`
    await answer(request, schemaFiles, url);
  }
}

// After a panic the pending call never settles; 101 is how the native engine says so.
process.on("uncaughtException", (error) => {
  const message = panics.at(-1) ?? error.message;
  process.stderr.write(`${JSON.stringify({ level: "ERROR", fields: { message } })}\n`, () => process.exit(101));
});

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: "string", multiple: true, default: [] },
    datasource: { type: "string", default: "{}" },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
  },
});
const url = (JSON.parse(values.datasource) as { url?: string }).url ?? "";
if (positionals[0] === "cli") process.exitCode = await cli(positionals[1] ?? "", url);
else await serve(values.datamodels, url);
process.exit();
