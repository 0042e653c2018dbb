import { Stop, sayFailure } from "./say.js";

/** The systems whose packages bring a Node of their own (package.json, optionalDependencies). */
export const PINNED = ["linux-x64"];

/**
 * Ends this process where its Node is too old. The two commands load everything else only after it: an older Node lacks names
 * that the rest imports, and would fail on those before it came to say why.
 */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const system = `${process.platform}-${process.arch}`;
  const pinned = PINNED.includes(system);
  // Where this Node has to run the servers too, it must run TypeScript as it is.
  if (pinned ? major > 20 || (major === 20 && minor >= 12) : major >= 24) return;
  const cure = pinned
    ? "Install Node 20.12 or newer."
    : `Install Node 24 or newer: Parley brings a Node of its own for ${PINNED.join(", ")} alone, and this is ${system}.`;
  sayFailure(new Stop(`Node ${process.versions.node} is too old.`, cure));
  process.exit(1);
}
