import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { ensureWeights, qwenCoder } from "../../lib/embedded/weights.ts";
import { environment } from "../../lib/server/env.ts";
import { parts } from "./parts.ts";
import { openPeer, type Peer } from "./peers.ts";
import { startServer } from "./server.ts";
import { print, type Section } from "./table.ts";

/**
 * npm run bench:model [-- --part streams,block --json FILE]: the model server on the real 1.5B against (a) one request at
 * a time with a cold prefix each and (b) node-llama-cpp's batching as it comes, all in one run on one machine.
 */
const { values } = parseArgs({
  options: { part: { type: "string" }, json: { type: "string" }, model: { type: "string" } },
});
const wanted = values.part?.split(",") ?? Object.keys(parts);
const unknown = wanted.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; the parts are ${Object.keys(parts).join(", ")}.`);
  process.exit(1);
}
const modelPath = values.model ?? (await ensureWeights(qwenCoder, { cacheFolder: environment().cacheFolder }));
// All cores for both sides: left to itself the server would give way to whatever else runs on the machine.
const server = await startServer(["--model", modelPath, "--threads", String(availableParallelism())]);
let opened: Promise<Peer> | undefined;
const peer = (): Promise<Peer> => {
  opened ??= openPeer(modelPath);
  return opened;
};
const sections: Section[] = [];
try {
  for (const name of wanted) {
    const part = parts[name];
    if (!part) continue;
    const section = await part({ server, peer });
    sections.push(section);
    print(section);
  }
} finally {
  await server.stop();
  await (await opened)?.close();
}
if (values.json) await writeFile(values.json, JSON.stringify(sections, null, 2));
