/** How the two commands speak: what is being done, how long it took, and when it cannot be done, the problem and the cure. */

const paint = process.stdout.isTTY && !process.env.NO_COLOR;
/** @param {string} code @param {string} text */
const color = (code, text) => (paint ? `\u001b[${code}m${text}\u001b[0m` : text);

/** @param {string} text */
export const dim = (text) => color("2", text);
/** @param {string} text */
export const red = (text) => color("31", text);
/** @param {string} text */
export const green = (text) => color("32", text);

/** @param {number} since as performance.now() gave it */
export function took(since) {
  const seconds = (performance.now() - since) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * Says what is being done, does it, says how long it took.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const since = performance.now();
  if (process.stdout.isTTY) process.stdout.write(dim(`  … ${name}`));
  const clear = process.stdout.isTTY ? "\r\u001b[K" : "";
  try {
    const result = await work();
    process.stdout.write(`${clear}  ${green("✓")} ${name} ${dim(took(since))}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${clear}  ${red("✗")} ${name} ${dim(took(since))}\n`);
    throw error;
  }
}

/** A reason to stop that a person can do something about; the twin of StartError for what runs before anything is installed. */
export class Stop extends Error {
  /** @param {string} problem @param {string} cure */
  constructor(problem, cure) {
    super(problem);
    this.cure = cure;
  }
}

/** @param {unknown} error */
export function sayFailure(error) {
  if (error instanceof Error && "cure" in error) {
    process.stderr.write(`\n${red("Parley cannot start.")} ${error.message}\n${error.cure}\n`);
  } else if (error instanceof Error && error.name === "WeightsError") {
    process.stderr.write(`\n${red("Parley cannot start.")} ${error.message}\n`);
  } else {
    process.stderr.write(`\n${red("Parley cannot start.")} This is not one of the known reasons; please report it.\n`);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
