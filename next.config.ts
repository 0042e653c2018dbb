import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // Said outright: a lock file in a folder above would otherwise make that folder the root.
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
  // `npm test` checks the types; a start should not take longer for it.
  typescript: { ignoreBuildErrors: true },
};

export default config;
