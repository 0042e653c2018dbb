/** Something the person at the terminal can put right: printed as its message alone, without a stack. */
export class Problem extends Error {
  override name = "Problem";
}

/** What went wrong and what lies behind it, on one line: "the model gave no reply: HTTP 429". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.split("\n")[0] ?? "";
  const cause = error.cause === undefined ? "" : reasonOf(error.cause);
  return cause === "" || cause.startsWith(message) ? cause || message : `${message}: ${cause}`;
}
