/** An error as OpenAI's API words it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    status: number,
    message: string,
    details: {
      readonly type?: string;
      readonly param?: string | null;
      readonly code?: string | null;
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.type = details.type ?? (status >= 500 ? "server_error" : "invalid_request_error");
    this.param = details.param ?? null;
    this.code = details.code ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }

  body() {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

export const badRequest = (message: string, param: string | null = null, code: string | null = null): ApiError =>
  new ApiError(400, message, { param, code });

export const overloaded = (): ApiError =>
  new ApiError(429, "The server's queue is full. Try again shortly.", {
    type: "rate_limit_error",
    code: "overloaded",
    retryAfterSeconds: 2,
  });

export const restarted = (): ApiError =>
  new ApiError(503, "The model got stuck and was restarted; this request was lost with it. Send it again.", {
    code: "model_restarted",
    retryAfterSeconds: 1,
  });

export const stopping = (): ApiError =>
  new ApiError(503, "The server is stopping.", { code: "stopping", retryAfterSeconds: 5 });
