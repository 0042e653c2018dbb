import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PINNED } from "./steps/node.js";

const bin = fileURLToPath(new URL(".", import.meta.url));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-node-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a command says on a Node that calls itself `version` and has nothing but what checks it: whatever else is loaded first is missing. */
function runAs(version: string, command: string, platform = "linux", arch = "x64") {
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  for (const file of [command, "steps/node.js", "steps/say.js"]) cpSync(join(bin, file), join(folder, "bin", file));
  const pretend = [
    `Object.defineProperty(process.versions, "node", { value: "${version}" })`,
    `Object.defineProperties(process, { platform: { value: "${platform}" }, arch: { value: "${arch}" } })`,
  ].join(";");
  const words = ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, join(folder, "bin", command)];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  return { status, stderr };
}

it.each(["start.js", "test.js"])(
  "%s says that Node is too old before it loads anything that may need a newer one",
  (command) => {
    expect(runAs("20.11.1", command)).toEqual({
      status: 1,
      stderr: "\nParley cannot start. Node 20.11.1 is too old.\nInstall Node 20.12 or newer.\n",
    });
    expect(runAs("18.20.8", command).stderr).toContain("Node 18.20.8 is too old.");
  },
);

it.each(["20.12.0", "22.0.0"])("goes on with Node %s", (version) => {
  expect(runAs(version, "start.js").stderr).toContain("ERR_MODULE_NOT_FOUND");
});

it.each([
  ["linux", "arm64"],
  ["darwin", "arm64"],
  ["darwin", "x64"],
])("asks for Node 24 on %s-%s, where no Node of ours is brought along", (platform, arch) => {
  const { status, stderr } = runAs("22.21.0", "start.js", platform, arch);
  expect(status).toBe(1);
  expect(stderr).toContain("Node 22.21.0 is too old.\nInstall Node 24 or newer");
  expect(stderr).toContain(`this is ${platform}-${arch}`);
  expect(runAs("24.0.0", "start.js", platform, arch).stderr).toContain("ERR_MODULE_NOT_FOUND");
});

it.each([
  ["linux", "x64", "Run npm install, which brings Node 24 along."],
  ["darwin", "arm64", "Install Node 24 or newer: Parley brings"],
])("model.js says how it can be run on %s-%s, and what else there is", (platform, arch, cure) => {
  const { status, stderr } = runAs("20.20.2", "model.js", platform, arch);
  expect(status).toBe(1);
  expect(stderr).toContain(`Node 20.20.2 is too old.\n${cure}`);
  expect(stderr).toContain("OPENAI_BASE_URL");
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(runAs("24.0.0", "model.js", platform, arch).stderr).toContain("ERR_MODULE_NOT_FOUND");
});

it("knows the systems that the packages bring a Node for", () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(bin, "../package.json"), "utf8"));
  const brought = Object.keys(optionalDependencies).flatMap(
    (name) => /^node-((?:linux|darwin)-\w+)$/.exec(name)?.[1] ?? [],
  );
  expect(brought).toEqual(PINNED);
});
