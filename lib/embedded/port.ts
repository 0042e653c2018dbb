import { createServer } from "node:net";

/** A port on loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Why we could not listen there, as the system's code; undefined when we could. */
function whyNot(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/**
 * Whether this port of loopback can be had. Asked of both families: a browser may take localhost for ::1, and would find
 * another program there.
 */
export async function portState(port: number): Promise<"free" | "in use" | "not allowed"> {
  const [four, six] = [await whyNot(port, "127.0.0.1"), await whyNot(port, "::1")];
  if (four === "EACCES") return "not allowed";
  // Any other refusal of ::1 means that this machine has no such address.
  return four !== undefined || six === "EADDRINUSE" ? "in use" : "free";
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await portState(port)) === "free";
}
