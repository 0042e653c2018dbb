import type { ErrorPart } from "../shared/events.ts";

/** What can end a turn badly, by the stable word that lib/models and we use: what happened, and what to do. */
const messages: Record<string, string> = {
  model_unreachable:
    "The language model cannot be reached. Check that it runs and that its address is right, then try again.",
  model_refused_key: "The language model refused the key. Whoever runs this server has to set OPENAI_API_KEY anew.",
  rate_limited: "The language model is taking no more requests for now. Wait a minute, then try again.",
  model_timeout: "The language model stopped answering. Try again; if it happens often, it is overloaded.",
  model_broken: "The language model broke off. Try again.",
  model_rejected:
    "The language model did not accept the request. Try again, or ask whoever runs this server to look at its settings.",
  model_malformed: "The language model gave an answer that could not be read. Try again.",
  message_too_long: "This message is too long for the language model. Shorten it and send it again.",
  interrupted: "The server went away while it worked on this reply. Nothing you wrote is lost; go on from here.",
  stopped: "You stopped this reply.",
  internal: "Something went wrong on the server. Nothing you wrote is lost; try again.",
};

/** Trying the same again is pointless. */
const hopeless = new Set(["message_too_long"]);

export function errorPart(code: string): ErrorPart {
  const known = Object.hasOwn(messages, code) ? code : "internal";
  return { code: known, message: messages[known] ?? "", retry: !hopeless.has(known) };
}

/** Finds the stable word somewhere in the chain of causes. */
export function errorPartOf(error: unknown): ErrorPart {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    const { code } = cause as Error & { code?: unknown };
    if (typeof code === "string" && Object.hasOwn(messages, code)) return errorPart(code);
    // Several drafts failed, each for its own reason: the first one is told.
    const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined;
    if (inner instanceof Error) return errorPartOf(inner);
  }
  return errorPart("internal");
}
