import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepSecret } from "./secret.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-secret-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("it is made once, for its owner alone, and nothing else is left", () => {
  const made = keepSecret(folder);
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(keepSecret(folder)).toBe(made);
  expect(readdirSync(folder)).toEqual(["secret"]);
  expect(statSync(join(folder, "secret")).mode & 0o777).toBe(0o600);
});

test.each(["", "0123abc"])("what a full disk or a kill left of it (%j) is made anew", (left) => {
  writeFileSync(join(folder, "secret"), left);
  const made = keepSecret(folder);
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(keepSecret(folder)).toBe(made);
});
