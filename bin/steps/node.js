import { Stop, sayFailure } from "./say.js";

/** The systems whose packages bring a Node of their own (package.json, optionalDependencies). */
export const PINNED = ["linux-x64"];

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const system = `${process.platform}-${process.arch}`;
const pinned = PINNED.includes(system);
const install = `Install Node 24 or newer: Parley brings a Node of its own for ${PINNED.join(", ")} alone, and this is ${system}.`;

/** @param {string} cure */
function refuse(cure) {
  sayFailure(new Stop(`Node ${process.versions.node} is too old.`, cure));
  process.exit(1);
}

/**
 * Ends this process where its Node is too old. The two commands load everything else only after it: an older Node lacks names
 * that the rest imports, and would fail on those before it came to say why.
 */
export function checkNode() {
  // Where this Node has to run the servers too, it must run TypeScript as it is.
  if (pinned ? major > 20 || (major === 20 && minor >= 12) : major >= 24) return;
  refuse(pinned ? "Install Node 20.12 or newer." : install);
}

/** The same for what this Node has to run itself, in TypeScript: `npm run` takes the pinned one, once that is there. */
export function checkOwnNode() {
  if (major >= 24) return;
  const cure = pinned ? "Run npm install, which brings Node 24 along." : install;
  refuse(`${cure} Or set OPENAI_BASE_URL to another model server.`);
}
