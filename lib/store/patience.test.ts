import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { environment } from "../server/env.ts";
import { disconnect } from "./client.ts";
import { ping } from "./database.ts";
import { patience } from "./patience.ts";

let server: Server;
const sockets: Socket[] = [];

/** "You are in" and "ready for a query", as Postgres says them. */
const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  environment().databaseUrl = `postgres://parley@127.0.0.1:${(server.address() as AddressInfo).port}/parley`;
});
afterEach(async () => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await disconnect();
});

/** What `ping` comes to, with who hears it made certain before the clock is turned. */
const outcome = () =>
  ping().then(
    () => "answered",
    (error: unknown) => String(error),
  );

test("a database that takes connections and says nothing is waited for no longer than for a connection", async () => {
  const asked = outcome();
  await once(server, "connection");
  await vi.advanceTimersByTimeAsync(patience.connectionTimeoutMillis);
  expect(await asked).toMatch(/timeout|terminated/i);
});

test("a database that falls silent at a query is waited for no longer than for a query", async () => {
  const asked = outcome();
  const [socket] = (await once(server, "connection")) as [Socket];
  await once(socket, "data");
  socket.write(welcome);
  await once(socket, "data");
  await vi.advanceTimersByTimeAsync(patience.query_timeout);
  expect(await asked).toMatch(/timeout/i);
});
