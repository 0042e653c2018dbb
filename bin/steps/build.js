import { pinnedNode, toolEnvironment } from "./root.js";
import { run } from "./run.js";
import { Stop } from "./say.js";
import { hashOf, unlessDone } from "./stamp.js";

const STAMP = ".next/parley-stamp";
const INPUTS = ["app", "components", "lib", "public", "prisma/schema.prisma", "package-lock.json", "tsconfig.json"];
const FILES = ["next.config.ts", "postcss.config.mjs", "proxy.ts", "instrumentation.ts"];

/** Tests and what runs in processes of its own are not in the build. @param {string} path */
const skip = (path) => /\.test\.tsx?$|^lib\/embedded|^lib\/store\/generated/.test(path);
const inputs = () => hashOf([...INPUTS, ...FILES], skip);

/** Builds the web server, unless what it is made of is as it was. */
export function build() {
  return unlessDone(STAMP, inputs(), async () => {
    // Said outright: tests set it to something else.
    const env = toolEnvironment({ NODE_ENV: "production" });
    const { code, output } = await run(pinnedNode(), ["node_modules/next/dist/bin/next", "build"], { env });
    if (/ENOSPC|No space left/i.test(output)) throw new Stop("The disk is full.", "Free 1 GB and start again.");
    if (code !== 0)
      throw new Stop("The web server could not be built.", output.trim().split("\n").slice(-30).join("\n"));
  });
}
