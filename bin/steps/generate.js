import { pinnedNode } from "./root.js";
import { run } from "./run.js";
import { Stop } from "./say.js";
import { hashOf, unlessDone } from "./stamp.js";

const STAMP = "lib/store/generated/.stamp";

/** Writes the database client from the schema. Takes a second; nothing when the schema is as it was. */
export function generate() {
  return unlessDone(STAMP, hashOf(["prisma/schema.prisma", "package-lock.json"]), async () => {
    const { code, output } = await run(pinnedNode(), ["prisma/cli.ts", "generate"]);
    if (code !== 0) throw new Stop("The database client could not be generated.", output.trim());
  });
}
