/** Longest part of a message that a log line gets. */
const longest = 200;

/** Their messages quote the text that could not be read, which a model wrote. */
const quoting = new Set(["AI_JSONParseError", "AI_TypeValidationError", "SyntaxError"]);

/**
 * What a log line may say of an error: names, codes and the gist of the messages along the chain of causes. The database
 * client quotes the values of a call that it refuses, people's texts among them: of its messages only the last line is kept;
 * of those about an answer that cannot be read, nothing.
 */
export function describeError(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as Error & { code?: unknown };
  const name = typeof code === "string" ? `${error.name} ${code}` : error.name;
  const cause = error.cause === undefined || depth >= 4 ? "" : ` ← ${describeError(error.cause, depth + 1)}`;
  return quoting.has(error.name) ? name + cause : `${name}: ${gist(error)}${cause}`;
}

function gist({ name, message }: Error): string {
  const own = name.startsWith("Prisma") ? (message.trim().split("\n").at(-1) ?? "") : message;
  return own.slice(0, longest);
}

/** Where it was thrown, without what it says. */
export function placeOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .slice(0, 8)
    .map((line) => line.trim());
}
