/**
 * `npm test`: every check there is, in order, going on after a failure so that one run tells everything. Closes with
 * `N passed, N failed`: the sum of the runners' own reports plus one each for lint, types and build.
 */
import { checkNode } from "./steps/node.js";
import { dim, green, red, say, sayFailure, took } from "./steps/say.js";

checkNode();
const { mkdtempSync, rmSync } = await import("node:fs");
const { tmpdir } = await import("node:os");
const { join } = await import("node:path");
const { findBrowser } = await import("./steps/browser.js");
const { build } = await import("./steps/build.js");
const { generate } = await import("./steps/generate.js");
const { install, isInstalled } = await import("./steps/install.js");
const { readPlaywright, readVitest } = await import("./steps/reports.js");
const { pinnedNode, root, toolEnvironment } = await import("./steps/root.js");
const { endAll, run } = await import("./steps/run.js");

const MINUTE = 60_000;
const module = (/** @type {string} */ path) => join(root, "node_modules", path);
const reports = mkdtempSync(join(tmpdir(), "parley-reports-"));
/** @type {import("./steps/reports.js").Count} */
const total = { passed: 0, failed: 0, notes: [] };
let interrupted = false;

/** @param {string} name @param {() => Promise<import("./steps/reports.js").Count>} work */
async function check(name, work) {
  if (interrupted) return;
  say(dim(`\n── ${name}`));
  const since = performance.now();
  const { passed, failed, notes } = await work().catch((error) => {
    sayFailure(error);
    return { passed: 0, failed: 1, notes: [String(error.message)] };
  });
  total.passed += passed;
  total.failed += failed;
  const mark = failed > 0 ? red("✗") : green("✓");
  const line = `${mark} ${name}: ${passed} passed, ${failed} failed`;
  total.notes.push([line, dim(took(since)), ...notes.map((note) => `\n    ${note}`)].join(" "));
  say(`${line} ${dim(took(since))}`);
}

/** A tool whose verdict is its exit code counts as one. @param {string[]} words */
async function tool(...words) {
  const { code } = await run(pinnedNode(), words, { show: true, limit: 3 * MINUTE });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, notes: [] };
}

/** @param {string} project @param {number} minutes */
async function vitest(project, minutes) {
  const file = join(reports, `${project}.json`);
  const words = [module("vitest/vitest.mjs"), "run", "--project", project, "--reporter=default", "--reporter=json"];
  const { code } = await run(pinnedNode(), [...words, `--outputFile.json=${file}`], {
    show: true,
    limit: minutes * MINUTE,
  });
  return readVitest(file, code);
}

async function journeys() {
  const browser = await findBrowser();
  if (!browser) {
    const notes = ["There is no Chromium. Install Debian's (apt-get install chromium) or name one in PARLEY_CHROMIUM."];
    return { passed: 0, failed: 1, notes };
  }
  const file = join(reports, "journeys.json");
  const env = toolEnvironment({ PARLEY_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const words = [module("@playwright/test/cli.js"), "test"];
  const { code } = await run(pinnedNode(), words, { show: true, env, limit: 12 * MINUTE });
  return readPlaywright(file, code);
}

async function built() {
  await build();
  return { passed: 1, failed: 0, notes: [] };
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    interrupted = true;
    total.failed += 1;
    total.notes.push(`${red("✗")} interrupted by ${signal}`);
    endAll();
  });
}

const since = performance.now();
try {
  if (!isInstalled()) {
    say("Installing the packages …");
    await install();
  }
  await generate();
  // Next writes the types of its routes and of imported styles, which the checker needs.
  await run(pinnedNode(), [module("next/dist/bin/next"), "typegen"]);
  await check("lint", () => tool(module("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."));
  await check("types", () => tool(module("typescript/bin/tsc"), "--noEmit"));
  await check("unit", () => vitest("unit", 6));
  await check("dom", () => vitest("dom", 4));
  await check("build", built);
  await check("integration", () => vitest("integration", 8));
  await check("model", () => vitest("model", 10));
  await check("journeys", journeys);
} catch (error) {
  sayFailure(error);
  total.failed += 1;
}
rmSync(reports, { recursive: true, force: true });
say(`\n${total.notes.join("\n")}\n${dim(took(since))}\n`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
