import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { StartError } from "./start-error.ts";

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const ready = message("Z", Buffer.from("I"));
const done = Buffer.concat([message("C", Buffer.from("DONE\0")), ready]);

test("a database that goes away in the middle of a migration is an error with a cure, not the end of the process", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-migrate-"));
  mkdirSync(join(folder, "1_first"));
  writeFileSync(join(folder, "1_first", "migration.sql"), "SELECT 'the change'");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      const text = data.toString("latin1");
      if (text.includes("user\0")) socket.write(Buffer.concat([message("R", Buffer.alloc(4)), ready]));
      else if (text.includes("the change")) socket.destroy();
      else if (text[0] === "P")
        socket.write(
          Buffer.concat([
            message("1", Buffer.alloc(0)),
            message("2", Buffer.alloc(0)),
            message("n", Buffer.alloc(0)),
            done,
          ]),
        );
      else if (text[0] === "Q") socket.write(done);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const migrating = migrate(`postgresql://u:p@127.0.0.1:${port}/d`, folder);
    await expect(migrating).rejects.toThrow(/1_first failed: .*terminated/);
    await expect(migrating).rejects.toBeInstanceOf(StartError);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
