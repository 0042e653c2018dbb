/**
 * What Parley weighs: `node_modules` with its three largest parts, and the JavaScript that the chat page loads first, gzip
 * as e2e/first-load.spec.ts guards it, with what it is made of. Builds what is not built; the bundler's own account of the
 * modules takes a minute more. `npm run bench:sizes`.
 */
import { execFile } from "node:child_process";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "../bin/steps/build.js";
import { generate } from "../bin/steps/generate.js";
import { pinnedNode, root, toolEnvironment } from "../bin/steps/root.js";

const modules = join(root, "node_modules");
const nextCli = join(modules, "next/dist/bin/next");

/** Bytes of everything below; a link counts as itself. */
function bytesOf(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

const partsOf = (): string[] =>
  readdirSync(modules).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );

const heaviest = (sizes: Iterable<[string, number]>, most: number) =>
  [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, most);

function reportModules(): void {
  const sizes = partsOf().map((name): [string, number] => [name, bytesOf(join(modules, name))]);
  const mega = (bytes: number) => `${(bytes / 1e6).toFixed(0).padStart(6)} MB`;
  console.log(`${mega(sizes.reduce((sum, [, bytes]) => sum + bytes, 0))}  node_modules, ${sizes.length} parts`);
  for (const [name, bytes] of heaviest(sizes, 3)) console.log(`${mega(bytes)}    ${name}`);
}

const kilo = (bytes: number) => `${(bytes / 1024).toFixed(1).padStart(6)} KB`;

type RouteStats = { route: string; firstLoadChunkPaths: string[] }[];

/** Next writes which scripts the first HTML of a route names; old browsers' polyfills are not among them. */
function reportFirstLoad(): void {
  const stats = JSON.parse(readFileSync(join(root, ".next/diagnostics/route-bundle-stats.json"), "utf8")) as RouteStats;
  const paths = stats.find(({ route }) => route === "/")?.firstLoadChunkPaths ?? [];
  const total = paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(root, path)), { level: 9 }).length, 0);
  console.log(`${kilo(total)}  first-load JavaScript of the chat page (gzip), ${paths.length} scripts`);
}

type Account = {
  type: string;
  kind?: string;
  outputs?: string[];
  filename?: string;
  source_path?: string;
  compressed_size?: number;
};

/** A package, or a folder of ours. Next is told apart: React's DOM comes with it. */
function ownerOf(path: string): string {
  const inside = path.split("node_modules/").at(-1) ?? path;
  if (inside === path) return path.replace("[project]/", "").split("/").slice(0, 2).join("/");
  const words = inside.split("/");
  if (inside.startsWith("next/dist/compiled/")) return words.slice(0, 4).join("/");
  return words.slice(0, inside.startsWith("@") ? 2 : 1).join("/");
}

async function reportMadeOf(): Promise<void> {
  const options = { cwd: root, env: toolEnvironment({ NODE_ENV: "production" }), maxBuffer: 2 ** 28 };
  const next = (...words: string[]) => promisify(execFile)(pinnedNode(), [nextCli, "analyze", ...words], options);
  await next("--output");
  const { stdout } = await next("export", "--route", "/");
  const account = stdout.split("\n").flatMap((line) => (line ? [JSON.parse(line) as Account] : []));
  // What is loaded later, by an `import()`, is in groups of the kind `async`.
  const first = new Set(account.flatMap(({ kind, outputs }) => (kind && kind !== "async" ? (outputs ?? []) : [])));
  const sizes = new Map<string, number>();
  for (const { type, filename = "", source_path: path = "", compressed_size: bytes = 0 } of account) {
    if (type !== "part" || !first.has(filename) || !filename.endsWith(".js")) continue;
    sizes.set(ownerOf(path), (sizes.get(ownerOf(path)) ?? 0) + bytes);
  }
  console.log("           made of (each module compressed by itself, so the sum is above the whole):");
  const shown = heaviest(sizes, 12);
  for (const [name, bytes] of shown) console.log(`${kilo(bytes)}    ${name}`);
  const rest = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) - shown.reduce((sum, [, b]) => sum + b, 0);
  console.log(`${kilo(rest)}    ${sizes.size - shown.length} smaller ones`);
}

await generate();
await build();
reportModules();
reportFirstLoad();
await reportMadeOf();
