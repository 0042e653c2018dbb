/** A reason not to start that a person can do something about: what is wrong, and the cure. Printed without a stack. */
export class StartError extends Error {
  readonly cure: string;

  constructor(problem: string, cure: string, options?: ErrorOptions) {
    super(problem, options);
    this.name = "StartError";
    this.cure = cure;
  }
}

/** True when an error, or the last words of a child, say that the disk is full. */
export function saysDiskFull(text: string): boolean {
  return /ENOSPC|No space left on device/i.test(text);
}

export function diskFull(where: string, cause?: unknown): StartError {
  return new StartError(`The disk is full at ${where}.`, "Free some space and start again; nothing was lost.", {
    cause,
  });
}
