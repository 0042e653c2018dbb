import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "./steps/root.js";

/** A checkout in which nothing is left to install, and whose serve.ts says what it was given. */
let checkout = "";
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "parley-checkout-"));
  cpSync(join(root, "bin"), join(checkout, "bin"), { recursive: true });
  mkdirSync(join(checkout, "node_modules"));
  for (const lock of ["package-lock.json", "node_modules/.package-lock.json"])
    writeFileSync(join(checkout, lock), '{ "packages": {} }');
  writeFileSync(join(checkout, "package.json"), '{ "type": "module" }');
  writeFileSync(join(checkout, "bin/serve.ts"), 'console.log("given " + JSON.stringify(process.env));');
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function given(dotEnv: string | null, shell: Record<string, string>): Record<string, string> {
  if (dotEnv !== null) writeFileSync(join(checkout, ".env"), dotEnv);
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, NODE_ENV: "test", ...shell };
  const words = [join(checkout, "bin/start.js")];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { env, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(/^given (.*)$/m.exec(stdout)?.[1] ?? "null");
}

describe(".env", () => {
  it("is read, with its quotes and comments", () => {
    const file = '# mine\nOPENAI_MODEL="a model"\nOPENAI_BASE_URL=http://localhost:1/v1 # here\n';
    expect(given(file, {})).toMatchObject({ OPENAI_MODEL: "a model", OPENAI_BASE_URL: "http://localhost:1/v1" });
  });

  it("loses to what the shell has set, even to nothing", () => {
    const file = "OPENAI_MODEL=file\nOPENAI_API_KEY=file\nOPENAI_BASE_URL=file\n";
    const environment = given(file, { OPENAI_MODEL: "shell", OPENAI_API_KEY: "" });
    expect(environment).toMatchObject({ OPENAI_MODEL: "shell", OPENAI_BASE_URL: "file" });
    expect(environment).not.toHaveProperty("OPENAI_API_KEY");
  });

  it("need not be there", () => {
    expect(given(null, { OPENAI_MODEL: "shell" })).toMatchObject({ OPENAI_MODEL: "shell" });
  });
});
