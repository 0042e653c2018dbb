import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

/** Who may import whom is written in biome.imports.json. A rule that no longer fires looks the same as a law that is kept. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const biome = join(root, "node_modules/@biomejs/biome/bin/biome");

/** [a file, what it must not import] */
const forbidden: [string, string][] = [
  ["lib/shared/a.ts", "node:fs"],
  ["lib/shared/a.ts", "ai"],
  ["lib/shared/a.ts", "../store/runs.ts"],
  ["lib/engine/a.ts", "ai"],
  ["lib/engine/a.ts", "node:crypto"],
  ["lib/engine/a.ts", "../models/models.ts"],
  ["lib/engine/worlds/a.ts", "../../store/runs.ts"],
  ["lib/engine/a.ts", "../server/env.ts"],
  ["lib/models/a.ts", "../engine/index.ts"],
  ["lib/models/prompts/a.ts", "../../engine/user.ts"],
  ["lib/models/a.ts", "../server/wire.ts"],
  ["lib/models/a.ts", "../turns/start.ts"],
  ...["turns", "feedback", "study", "insights", "export"].flatMap((room): [string, string][] => [
    [`lib/${room}/a.ts`, "../models/models.ts"],
    [`lib/${room}/a.ts`, "../server/wire.ts"],
    [`lib/${room}/a.ts`, "../embedded/postgres.ts"],
    [`lib/${room}/a.ts`, "../store/generated/client.ts"],
    [`lib/${room}/a.ts`, "@prisma/client"],
  ]),
  ["lib/turns/a.ts", "../feedback/give.ts"],
  ["lib/store/a.ts", "../engine/index.ts"],
  ["lib/store/a.ts", "../server/session.ts"],
  ["lib/embedded/a.ts", "../store/client.ts"],
  ["lib/embedded/model/a.ts", "../../server/wire.ts"],
  ["lib/server/a.ts", "../engine/index.ts"],
  ["lib/server/a.ts", "../embedded/postgres.ts"],
  ["lib/server/wire.ts", "../embedded/postgres.ts"],
  ["lib/server/wire.ts", "../store/generated/client.ts"],
  ["lib/server/a.ts", "../../app/layout.tsx"],
  ["app/a.ts", "@/lib/embedded/postgres.ts"],
  ["app/a.ts", "@/lib/store/generated/client.ts"],
  ["components/chat/a.tsx", "@/lib/turns/start.ts"],
  ["components/chat/a.tsx", "@/lib/server/env.ts"],
  ["components/chat/a.tsx", "../../lib/store/runs.ts"],
  ["components/chat/a.tsx", "node:fs"],
  ["components/chat/a.tsx", "@/app/layout.tsx"],
  ["components/ui/a.tsx", "@/components/chat/composer.tsx"],
  ["components/ui/a.tsx", "../chat/composer.tsx"],
  ["components/ui/a.tsx", "@/lib/shared/record.ts"],
  ["bench/a.ts", "../app/layout.tsx"],
  ["e2e/a.ts", "../lib/store/generated/client.ts"],
  ["bin/a.ts", "../app/layout.tsx"],
];

/** [a file, what it may import]: a rule so wide that it fires at everything proves nothing. */
const allowed: [string, string][] = [
  ["lib/shared/a.ts", "zod"],
  ["lib/shared/a.ts", "./record.ts"],
  ["lib/engine/worlds/a.ts", "../ports.ts"],
  ["lib/engine/a.ts", "../shared/kinds.ts"],
  ["lib/models/a.ts", "../engine/ports.ts"],
  ["lib/models/a.ts", "../server/env.ts"],
  ["lib/turns/a.ts", "../engine/index.ts"],
  ["lib/turns/a.ts", "../store/runs.ts"],
  ["lib/store/a.ts", "./generated/client.ts"],
  ["lib/store/a.ts", "../server/env.ts"],
  ["lib/embedded/a.ts", "../server/env.ts"],
  ["lib/server/wire.ts", "../engine/index.ts"],
  ["app/a.ts", "@/lib/turns/start.ts"],
  ["components/chat/a.tsx", "@/components/feedback/thumbs.tsx"],
  ["components/chat/a.tsx", "@/lib/shared/record.ts"],
  ["components/ui/a.tsx", "@base-ui/react/dialog"],
  ["bench/a.ts", "../lib/embedded/postgres.ts"],
  ["bin/a.ts", "../lib/embedded/postgres.ts"],
];

const reportSchema = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

let folder = "";
let accused = new Set<string>();

/** Each import in a file of its own, told apart by a number in the name; wire.ts keeps its name, the rule is about it. */
function fileOf(path: string, index: number, kind: string): string {
  if (path === "lib/server/wire.ts") return join(`${kind}${index}`, path);
  return path.replace(/a\.(tsx?)$/, `${kind}${index}.$1`);
}

/** Lints `folder` with the project's own rules and remembers which files they accuse. */
function accuse(at: string): void {
  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as Record<string, unknown>;
  writeFileSync(join(at, "biome.json"), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }));
  copyFileSync(join(root, "biome.imports.json"), join(at, "biome.imports.json"));
  const words = ["lint", "--only=style/noRestrictedImports", "--reporter=json", "--max-diagnostics=none", "."];
  const { stdout } = spawnSync(process.execPath, [biome, ...words], { cwd: at, encoding: "utf8" });
  const { diagnostics } = reportSchema.parse(JSON.parse(stdout));
  for (const { category, location } of diagnostics) {
    if (category === "lint/style/noRestrictedImports") accused.add(join(at, location.path));
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-law-"));
  accused = new Set();
  const write = (path: string, imported: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `import { something } from "${imported}";\nexport const kept = something;\n`);
  };
  const places = new Set(["."]);
  for (const [list, kind] of [[forbidden, "bad"] as const, [allowed, "good"] as const]) {
    list.forEach(([path, imported], index) => {
      const file = fileOf(path, index, kind);
      write(file, imported);
      if (file.startsWith(`${kind}${index}/`)) places.add(`${kind}${index}`);
    });
  }
  for (const place of places) accuse(join(folder, place));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the import law", () => {
  it.each(forbidden.map(([path, imported], index) => [path, imported, index] as const))(
    "%s may not import %s",
    (path, _, index) => {
      expect(accused).toContain(join(folder, fileOf(path, index, "bad")));
    },
  );

  it.each(allowed.map(([path, imported], index) => [path, imported, index] as const))(
    "%s may import %s",
    (path, _, index) => {
      expect(accused).not.toContain(join(folder, fileOf(path, index, "good")));
    },
  );

  it("is kept by the whole checkout", () => {
    const words = ["lint", "--only=style/noRestrictedImports", "--diagnostic-level=error", "."];
    expect(() => execFileSync(process.execPath, [biome, ...words], { cwd: root, stdio: "pipe" })).not.toThrow();
  });
});
