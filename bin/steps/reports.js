import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, notes: string[] }} Count */

/**
 * What we read of the runners' reports.
 * @typedef {{ status: string, name: string, assertionResults: { status: string }[] }} VitestFile
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: VitestFile[] }} VitestReport
 * @typedef {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number },
 *   errors: { message?: string }[] }} PlaywrightReport
 */

/** @param {string} file */
function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/**
 * What a suite's own report says. A skipped test counts as failed; a suite that ran nothing, or left no report, is one
 * failure; so is one whose runner failed although no test did.
 * @param {Count} count @param {number} skipped @param {number} code
 * @returns {Count}
 */
function strict({ passed, failed, notes }, skipped, code) {
  if (skipped > 0) notes.push(`${skipped} skipped, which counts as failed`);
  let all = failed + skipped;
  if (passed + all === 0) {
    notes.push("ran nothing, which counts as failed");
    all = 1;
  } else if (all === 0 && code !== 0) {
    notes.push(`the runner ended with ${code} although no test failed`);
    all = 1;
  }
  return { passed, failed: all, notes };
}

/** @param {string} file @param {number} code the runner's exit code */
export function readVitest(file, code) {
  /** @type {VitestReport | undefined} */
  const report = read(file);
  if (!report) return strict({ passed: 0, failed: 0, notes: [] }, 0, code);
  // A file that cannot even be loaded has no tests to fail, so it is counted itself.
  const broken = report.testResults.filter(
    (one) => one.status === "failed" && !one.assertionResults.some((test) => test.status === "failed"),
  );
  const notes = broken.map((one) => `${one.name} could not run`);
  const skipped = report.numPendingTests + report.numTodoTests;
  return strict({ passed: report.numPassedTests, failed: report.numFailedTests + broken.length, notes }, skipped, code);
}

/** @param {string} file @param {number} code the runner's exit code */
export function readPlaywright(file, code) {
  /** @type {PlaywrightReport | undefined} */
  const report = read(file);
  if (!report) return strict({ passed: 0, failed: 0, notes: [] }, 0, code);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const notes = report.errors.map((one) => String(one.message).split("\n", 1).join());
  return strict({ passed: expected, failed: unexpected + flaky + report.errors.length, notes }, skipped, code);
}
