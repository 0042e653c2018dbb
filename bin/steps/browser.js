import { existsSync } from "node:fs";
import { run } from "./run.js";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where the browser of the journeys is, installing Debian's Chromium when there is none and we may. */
export async function findBrowser() {
  const named = process.env.PARLEY_CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  const found = PLACES.find((path) => existsSync(path));
  if (found || process.getuid?.() !== 0) return found;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-q"], { env });
  await run("apt-get", ["install", "-qy", "--no-install-recommends", "chromium", "fonts-liberation"], { env });
  return PLACES.find((path) => existsSync(path));
}
