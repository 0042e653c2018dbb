import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { freePort, portState } from "./port.ts";

let server: Server | undefined;
afterEach(() => server?.close());

function listen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
}

describe("a port of loopback", () => {
  it("is free when nobody listens there", async () => {
    expect(await portState(await freePort())).toBe("free");
  });

  it.each(["127.0.0.1", "0.0.0.0", "::1", "::"])("is in use when somebody listens on %s", async (host) => {
    const port = await freePort();
    // A machine without IPv6 cannot be asked there, and then nobody else listens there either.
    const listening = await listen(port, host);
    expect(await portState(port)).toBe(listening ? "in use" : "free");
  });
});
