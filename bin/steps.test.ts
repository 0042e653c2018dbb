import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkSpace, explainInstall, isInstalled } from "./steps/install.js";
import { lockFolder } from "./steps/lock.js";
import { readPlaywright, readVitest } from "./steps/reports.js";
import { root, toolEnvironment } from "./steps/root.js";
import { Stop, sayFailure, step } from "./steps/say.js";
import { hashOf, isDone, unlessDone } from "./steps/stamp.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-steps-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function report(content: unknown): string {
  const file = join(folder, "report.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const vitest = (over: object) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...over,
});
const playwright = (over: object, errors: object[] = []) => ({
  stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0, ...over },
  errors,
});

describe("the sum of the tests", () => {
  it("is what the runners report", () => {
    expect(readVitest(report(vitest({})), 0)).toMatchObject({ passed: 3, failed: 0 });
    expect(readVitest(report(vitest({ numFailedTests: 2 })), 1)).toMatchObject({ passed: 3, failed: 2 });
    expect(readPlaywright(report(playwright({ unexpected: 1 })), 1)).toMatchObject({ passed: 2, failed: 1 });
  });

  it("counts a skipped test as failed", () => {
    expect(readVitest(report(vitest({ numPendingTests: 1, numTodoTests: 1 })), 0)).toMatchObject({ failed: 2 });
    expect(readPlaywright(report(playwright({ skipped: 4 })), 0)).toMatchObject({ passed: 2, failed: 4 });
  });

  it("counts a suite that ran nothing, or left no report, as failed", () => {
    expect(readVitest(report(vitest({ numPassedTests: 0 })), 0)).toMatchObject({ passed: 0, failed: 1 });
    expect(readPlaywright(report(playwright({ expected: 0 })), 0)).toMatchObject({ passed: 0, failed: 1 });
    expect(readVitest(join(folder, "none.json"), 1)).toMatchObject({ passed: 0, failed: 1 });
    expect(readPlaywright(join(folder, "none.json"), 1)).toMatchObject({ passed: 0, failed: 1 });
  });

  it("counts a file that could not be loaded, and a runner that failed by itself", () => {
    const testResults = [{ status: "failed", name: "broken.test.ts", assertionResults: [] }];
    expect(readVitest(report(vitest({ testResults })), 1)).toMatchObject({ passed: 3, failed: 1 });
    expect(readVitest(report(vitest({})), 1)).toMatchObject({ passed: 3, failed: 1 });
    expect(readPlaywright(report(playwright({}, [{ message: "no browser" }])), 1)).toMatchObject({ failed: 1 });
  });

  it("counts a flaky journey as failed", () => {
    expect(readPlaywright(report(playwright({ flaky: 1 })), 0)).toMatchObject({ passed: 2, failed: 1 });
  });
});

describe("a failed installation", () => {
  it.each([
    ["npm error code ENOSPC\nnpm error nospc write", /disk is full/],
    ["npm error code ENOTFOUND\nnpm error network request to https://registry", /registry cannot be reached/],
    ["npm error code EAI_AGAIN", /registry cannot be reached/],
    ["npm error code EACCES\nnpm error syscall mkdir", /may not write/],
    ["npm error something new", /could not install/],
  ])("%s", (output, message) => {
    expect(explainInstall(output).message).toMatch(message);
    expect(explainInstall(output).cure).not.toBe("");
  });

  it("is foreseen when the disk is nearly full", () => {
    expect(() => checkSpace(800_000_000)).toThrow(/0\.8 GB are free/);
    expect(() => checkSpace(9_000_000_000)).not.toThrow();
  });

  it("does not repeat itself where everything is installed", () => {
    expect(isInstalled()).toBe(true);
  });
});

describe("the lock of a data folder", () => {
  it("is held until given back", () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(Stop);
    release();
    lockFolder(folder)();
  });

  it("is not held by a process that is gone, nor by a later one of the same id", () => {
    writeFileSync(join(folder, "start.lock"), `${process.pid} 12`);
    lockFolder(folder)();
    writeFileSync(join(folder, "start.lock"), "999999999 12");
    lockFolder(folder)();
    writeFileSync(join(folder, "start.lock"), "");
    lockFolder(folder)();
  });
});

describe("a file where the data folder is to be", () => {
  it.each(["file", "file/below"])("at %s is said with the variable and the cure", (path) => {
    writeFileSync(join(folder, "file"), "");
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      lockFolder(join(folder, path));
      expect.unreachable();
    } catch (error) {
      sayFailure(error);
    }
    const text = String(said.mock.calls[0]?.[0]);
    said.mockRestore();
    expect(text).toContain(`Parley cannot start. PARLEY_DATA: ${join(folder, path)} cannot be made`);
    expect(text).toContain("Give a folder in PARLEY_DATA");
  });
});

describe("a step without a terminal", () => {
  const lines: string[] = [];
  const tty = process.stdout.isTTY;
  beforeEach(() => {
    lines.length = 0;
    vi.useFakeTimers();
    process.stdout.isTTY = false;
    vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    process.stdout.isTTY = tty;
  });

  it("is named while it runs when it is slow", async () => {
    const running = step("Packages", () => new Promise((resolve) => setTimeout(resolve, 60_000)));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lines).toEqual(["  … Packages\n"]);
    await vi.advanceTimersByTimeAsync(60_000);
    await running;
    expect(lines.slice(1)).toEqual(["  ✓ Packages 1 min 0 s\n"]);
  });

  it("is one line when it is quick, also where it fails", async () => {
    await step("Postgres", async () => undefined);
    await expect(step("Migrations", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toEqual(["  ✓ Postgres 0.0 s\n", "  ✗ Migrations 0.0 s\n"]);
  });
});

describe("the hash of a step's inputs", () => {
  it("depends on names and contents, and not on what is skipped", () => {
    const all = hashOf(["bin/steps"]);
    expect(hashOf(["bin/steps"])).toBe(all);
    expect(hashOf(["bin/steps"], (path) => path.endsWith("say.js"))).not.toBe(all);
    expect(hashOf(["bin/steps", "no/such/file"])).toBe(all);
  });
});

describe("a step that was done", () => {
  const inside = (name: string) => relative(root, join(folder, name));
  const inputs = () => hashOf([inside("input")]);
  let done = 0;
  const doIt = (cut = false) =>
    unlessDone(inside("made/stamp"), inputs(), async () => {
      done += 1;
      if (cut) throw new Error("cut short");
    });
  const cutShort = () => expect(doIt(true)).rejects.toThrow("cut short");

  beforeEach(() => {
    done = 0;
    writeFileSync(join(folder, "input"), "one");
  });

  it("is not done again while its inputs are the same", async () => {
    expect(isDone(inside("made/stamp"), inputs())).toBe(false);
    await doIt();
    await doIt();
    expect(done).toBe(1);
    expect(isDone(inside("made/stamp"), inputs())).toBe(true);
  });

  it("is done again when they changed", async () => {
    await doIt();
    writeFileSync(join(folder, "input"), "two");
    expect(isDone(inside("made/stamp"), inputs())).toBe(false);
    await doIt();
    expect(done).toBe(2);
    await doIt();
    expect(done).toBe(2);
  });

  it("is done again when it was cut short, whatever was there before", async () => {
    await cutShort();
    await doIt();
    expect(done).toBe(2);
    writeFileSync(join(folder, "input"), "two");
    await cutShort();
    // What it had begun to replace is no longer whole.
    writeFileSync(join(folder, "input"), "one");
    await doIt();
    expect(done).toBe(4);
  });
});

describe("the environment of the tools", () => {
  it("has no empty values, which libraries would take for settings", () => {
    process.env.PARLEY_TEST_EMPTY = "";
    expect(toolEnvironment()).not.toHaveProperty("PARLEY_TEST_EMPTY");
    delete process.env.PARLEY_TEST_EMPTY;
    expect(toolEnvironment({ ADDED: "1" })).toMatchObject({ ADDED: "1", NEXT_TELEMETRY_DISABLED: "1" });
  });
});
