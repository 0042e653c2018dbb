import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { healthProbe, isWell, servesPages } from "./serve/web.ts";

let server: Server;
let said = { status: 200, body: "" };

beforeEach(async () => {
  server = createServer((_, response) => response.writeHead(said.status).end(said.body)).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.close());

const well = { status: "ok", database: "ok", model: { status: "ok", id: "small" } };
const model = { status: "The language model cannot be reached.", id: null };

test.each([
  ["everything is well", 200, JSON.stringify(well), true, true],
  ["its model is away", 503, JSON.stringify({ ...well, status: "failed", model }), false, true],
  ["its database is away", 503, JSON.stringify({ ...well, status: "failed", database: "is gone" }), false, false],
  ["it says something else", 500, "Internal Server Error", false, false],
])("where %s, a first start and a revival count it as up or not", async (_, status, body, first, revived) => {
  said = { status, body };
  const { port } = server.address() as AddressInfo;
  const up = async (isUp: typeof isWell) => {
    const probe = healthProbe(port, isUp);
    const answered = (await probe.answers()) === port;
    expect(probe.complaint()).toBe(body);
    return answered;
  };
  expect([await up(isWell), await up(servesPages)]).toEqual([first, revived]);
});
