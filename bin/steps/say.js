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

/** Without a terminal there is no line to change: only a step that takes longer than this is named before its end. */
const SLOW_MS = 1000;

/**
 * Says what is being done, does it, says how long it took.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const since = performance.now();
  const doing = dim(`  … ${name}`);
  if (process.stdout.isTTY) process.stdout.write(doing);
  const later = process.stdout.isTTY ? undefined : setTimeout(() => say(doing), SLOW_MS);
  const clear = process.stdout.isTTY ? "\r\u001b[K" : "";
  try {
    const result = await work();
    process.stdout.write(`${clear}  ${green("✓")} ${name} ${dim(took(since))}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${clear}  ${red("✗")} ${name} ${dim(took(since))}\n`);
    throw error;
  } finally {
    clearTimeout(later);
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

/** What the file system itself says, as a problem with a cure. @param {unknown} error */
function fromFileSystem(error) {
  const { code, path, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new Stop(
      `The disk is full${path ? ` at ${path}` : ""}.`,
      "Free some space and start again; nothing was lost.",
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new Stop(
      `${path ?? "A folder"} cannot be written.`,
      "Give it to the user who starts Parley, or set PARLEY_DATA.",
    );
  }
  // What a file in the place of a folder leads to; the folder that is chosen is this one alone.
  if (code === "ENOTDIR" || (code === "EEXIST" && syscall === "mkdir")) {
    return new Stop(
      `PARLEY_DATA: ${path ?? "it"} cannot be made, because a file stands in its place or above it.`,
      "Give a folder in PARLEY_DATA, or leave it out: then it is .data.",
    );
  }
  return error;
}

/** @param {unknown} thrown */
export function sayFailure(thrown) {
  const error = thrown instanceof Error && "code" in thrown && !("cure" in thrown) ? fromFileSystem(thrown) : thrown;
  /** @param {string} text */
  const cannot = (text) => process.stderr.write(`\n${red("Parley cannot start.")} ${text}\n`);
  if (error instanceof Error && "cure" in error) cannot(`${error.message}\n${error.cure}`);
  else if (error instanceof Error && error.name === "WeightsError") cannot(error.message);
  else cannot(`The reason is not a known one.\n${error instanceof Error ? error.stack : String(error)}`);
}
