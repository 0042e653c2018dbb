import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

/** A server process with one run, and a reader whose stream ends when the run is closed. */
const program = `
  const { createServer } = await import("node:http");
  const { startServer } = await import("./lib/server/start.ts");
  const { hold } = await import("./lib/turns/live.ts");
  startServer();
  const held = hold("0198c5a0-0000-7000-8000-000000000000");
  held.leaving.signal.addEventListener("abort", () => setTimeout(() => {
    console.log("closed");
    held.release();
  }, 50));
  const server = createServer((request, response) => {
    response.write("first ");
    held.leaving.signal.addEventListener("abort", () => setTimeout(() => response.end("last"), 100));
  });
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
`;

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)(
  "%s: no new request, the runs are closed, their readers hear it, then the process ends",
  async (signal, code) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      env: { ...process.env, NEXT_MANUAL_SIG_HANDLE: "true" },
    });
    const exited = once(child, "exit");
    if (!child.stdout) throw new Error("it has no output");
    const said = text(child.stdout);
    const [port] = await once(child, "message");
    const address = `http://127.0.0.1:${port}`;
    const reader = await fetch(address);
    child.kill(signal);
    const heard = reader.text();
    await expect
      .poll(() =>
        fetch(address).then(
          () => "answered",
          () => "refused",
        ),
      )
      .toBe("refused");
    expect(await heard).toBe("first last");
    expect(await said).toContain("closed");
    expect(await exited).toEqual([code, null]);
  },
);
