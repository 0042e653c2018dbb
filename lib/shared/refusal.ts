/**
 * An expected error: something the asker did or met, with a stable word for programs and a sentence that says what to do.
 * Use cases throw it, the HTTP edge turns it into an answer. Everything else that is thrown is a fault of ours (500).
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly runId: string | undefined;
  /** Seconds to wait before it is worth trying again. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    details: { field?: string; runId?: string; retryAfter?: number } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = details.field;
    this.runId = details.runId;
    this.retryAfter = details.retryAfter;
  }
}

/** What others own and what does not exist answer alike, so that an id tells nothing. */
export const notFound = (what: string): Refusal =>
  new Refusal(404, "not_found", `There is no such ${what}. It may have been deleted; reload the page.`);

/** One turn at a time: what would move the branch under a reply that is being written has to wait for it. */
export const runLive = (runId: string): Refusal => {
  const message = "The assistant is still working on your last message. Wait for it, or stop it first.";
  return new Refusal(409, "run_live", message, { runId });
};
