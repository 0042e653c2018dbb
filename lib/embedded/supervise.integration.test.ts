import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startChild } from "./child.ts";
import { freePort, isPortFree } from "./port.ts";
import { end, identify, isAlive, type ProcessIdentity, waitForEnd } from "./process.ts";
import { readRecord, reclaim, writeRecord } from "./record.ts";
import { type ChildRecord, type Service, type Supervisor, supervise } from "./supervise.ts";

const SERVER = `
  const { createServer } = require("node:http");
  createServer((_, response) => response.end("well")).listen(Number(process.argv[1]), "127.0.0.1");
`;

let folder = "";
let lines: string[] = [];
let children: ChildRecord[] = [];
let supervisor: Supervisor;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-supervise-"));
  lines = [];
  children = [];
  supervisor = supervise(
    (line) => lines.push(line),
    (all) => {
      children = all;
    },
  );
});

afterEach(async () => {
  await supervisor.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function answers(port: number): Promise<number | undefined> {
  try {
    return (await fetch(`http://127.0.0.1:${port}`)).ok ? port : undefined;
  } catch {
    return undefined;
  }
}

function webServer(name: string, code = SERVER): Service {
  return {
    name,
    start: async (wanted) => {
      const port = wanted ?? (await freePort());
      const words = ["-e", code, String(port)];
      const common = { name, program: process.execPath, words, env: process.env, logs: folder };
      return startChild({ ...common, answers: () => answers(port), patience: 20_000, drain: 5_000 });
    },
  };
}

/** An ended process may be a zombie already while its last threads still hold the port. */
const freed = (port: number): Promise<void> =>
  vi.waitFor(async () => expect(await isPortFree(port)).toBe(true), { timeout: 10_000 });

function only(): ChildRecord {
  const [child] = children;
  if (!child) throw new Error("nothing runs");
  return child;
}

async function strangerOf(child: ChildProcess): Promise<ProcessIdentity> {
  await once(child, "spawn");
  const identity = identify(child.pid ?? -1);
  if (!identity) throw new Error("the stranger has ended");
  return identity;
}

describe("a supervisor", () => {
  it("starts a dead child again on the same port, and says so", async () => {
    const port = await supervisor.add(webServer("Web"));
    const first = only();
    process.kill(first.pid, "SIGKILL");
    await waitForEnd(first, 10_000);
    await vi.waitFor(() => expect(lines).toContain("Web is back."), { timeout: 20_000 });
    expect(lines[0]).toBe("Web stopped (killed by SIGKILL); starting it again in 0.5 s.");
    expect(await answers(port)).toBe(port);
    expect(only()).toMatchObject({ name: "Web", port });
    expect(only().pid).not.toBe(first.pid);
  });

  it("keeps watching over its children when it cannot write down which they are", async () => {
    const full = supervise(
      (line) => lines.push(line),
      (all) => {
        children = all;
        throw new Error("ENOSPC: no space left on device");
      },
    );
    const port = await full.add(webServer("Web"));
    const first = only();
    process.kill(first.pid, "SIGKILL");
    await vi.waitFor(() => expect(lines).toContain("Web is back."), { timeout: 20_000 });
    expect(lines[0]).toContain("could not be written down (ENOSPC: no space left on device)");
    expect(await answers(port)).toBe(port);
    await full.stop();
    await freed(port);
  });

  it("waits longer after each death in a row", async () => {
    let starts = 0;
    const healthy = webServer("Web");
    const moody: Service = {
      name: "Web",
      start: (port) => {
        starts += 1;
        if (starts === 2) throw new Error("not in the mood");
        return healthy.start(port);
      },
    };
    await supervisor.add(moody);
    process.kill(only().pid, "SIGKILL");
    await vi.waitFor(() => expect(lines).toContain("Web is back."), { timeout: 20_000 });
    expect(lines[1]).toBe("Web stopped (not in the mood); starting it again in 1 s.");
  });

  it("stops what it started, the last first, and nothing else", async () => {
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const identity = await strangerOf(stranger);
    const first = await supervisor.add(webServer("Database"));
    const second = await supervisor.add(webServer("Web"));
    await supervisor.stop();
    await freed(first);
    await freed(second);
    expect(children).toEqual([]);
    expect(isAlive(identity)).toBe(true);
    await end(identity, ["SIGKILL"], 5_000);
  });

  it("leaves nothing behind when stopped while a service is starting", async () => {
    const port = await freePort();
    const slow = webServer("Web", `setTimeout(() => { ${SERVER} }, 300)`);
    const adding = supervisor.add({ ...slow, start: () => slow.start(port) });
    await supervisor.stop();
    await adding;
    await freed(port);
    expect(children).toEqual([]);
  });

  it("kills a child that does not end when asked", async () => {
    const port = await supervisor.add(webServer("Web", `process.on("SIGTERM", () => {}); ${SERVER}`));
    await supervisor.stop();
    await freed(port);
  });

  it("gives the child's last words when it cannot start", async () => {
    const broken = webServer("web", "console.error('the engine is missing'); process.exit(3)");
    await expect(supervisor.add(broken)).rejects.toMatchObject({
      message: "The web server stopped while starting (exit code 3).",
      cure: expect.stringContaining("the engine is missing"),
    });
  });
});

describe("what a killed start left behind", () => {
  it("is stopped by the next one", async () => {
    // As after kill -9 of the supervisor: the child lives on, known only from the record.
    const orphan = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const identity = await strangerOf(orphan);
    writeRecord(folder, { children: [{ ...identity, name: "Web", port: 1 }] });
    expect(await reclaim(folder)).toEqual(["Web"]);
    expect(isAlive(identity)).toBe(false);
  });

  it("is left alone when the id belongs to another process by now", async () => {
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const identity = await strangerOf(stranger);
    writeRecord(folder, { children: [{ pid: identity.pid, startedAt: "long ago", name: "Web", port: 1 }] });
    expect(await reclaim(folder)).toEqual([]);
    expect(isAlive(identity)).toBe(true);
    await end(identity, ["SIGKILL"], 5_000);
  });

  it("is nothing when the record is damaged", async () => {
    writeRecord(folder, { children: [] });
    rmSync(join(folder, "run.json"));
    expect(readRecord(folder)).toBeUndefined();
    expect(await reclaim(folder)).toEqual([]);
  });
});
