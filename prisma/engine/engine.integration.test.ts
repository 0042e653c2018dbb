import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schema = join(root, "prisma/schema.prisma");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-schema-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Prisma's own CLI as `npm run prisma` starts it, against the tests' Postgres. */
function prisma(...words: string[]) {
  const done = spawnSync(process.execPath, [join(root, "prisma/cli.ts"), ...words], { cwd: root, encoding: "utf8" });
  return { code: done.status, out: done.stdout, said: done.stdout + done.stderr };
}

/** From the migrations to a schema: exit code 0 where they agree, 2 where they do not. */
const diff = (to: string) => prisma("migrate", "diff", ...from, "--to-schema", to, "--script", "--exit-code");
const from = ["--from-migrations", join(root, "prisma/migrations")];

describe("Prisma's tools, without its binary host", () => {
  it("find that the migrations lead to the schema", () => {
    const { code, said } = diff(schema);
    expect(said).toContain("empty migration");
    expect(code).toBe(0);
  });

  it("write the SQL of a change, enums and keys included", () => {
    const changed = join(folder, "schema.prisma");
    const lines = ["enum Mood {", "good", "bad", "}", "model Extra {", "id String @id @db.Uuid", "mood Mood", "}"];
    writeFileSync(changed, `${readFileSync(schema, "utf8")}\n${lines.join("\n")}\n`);
    const { code, out } = diff(changed);
    expect(code).toBe(2);
    expect(out).toContain(`CREATE TYPE "Mood" AS ENUM ('good', 'bad');`);
    expect(out).toContain(`CREATE TABLE "Extra"`);
    expect(out.match(/CREATE TABLE/g)).toHaveLength(1);
  });

  it("find everything applied by our own runner applied", () => {
    const { code, said } = prisma("migrate", "status");
    expect(said).toContain("Database schema is up to date!");
    expect(code).toBe(0);
  });

  it("say that a schema is wrong instead of ending without a word", () => {
    const broken = join(folder, "broken.prisma");
    writeFileSync(broken, `${readFileSync(schema, "utf8")}\nmodel Broken { id Strin @id }\n`);
    const { code, said } = diff(broken);
    expect(code).toBe(1);
    expect(said).toContain("Strin");
  });
});
