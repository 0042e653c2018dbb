import { Stop, sayFailure } from "./say.js";

/**
 * Ends this process where its Node is too old. The two commands load everything else only after it: an older Node lacks names
 * that the rest imports, and would fail on those before it came to say why.
 */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return;
  sayFailure(new Stop(`Node ${process.versions.node} is too old.`, "Install Node 20.12 or newer."));
  process.exit(1);
}
