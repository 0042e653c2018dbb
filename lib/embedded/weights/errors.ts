export type WeightsErrorCode = "no_network" | "disk_full" | "checksum_mismatch" | "not_writable" | "aborted";

/** A failure to get weights that a person can act on; `message` says what to do. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
  readonly code: WeightsErrorCode;

  constructor(code: WeightsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return errorCode(error.cause);
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

export function diskFull(folder: string, neededBytes: number, cause?: unknown): WeightsError {
  return new WeightsError(
    "disk_full",
    `Not enough space for the model's weights in ${folder}: ${megabytes(neededBytes)} are needed. Free some space, or set PARLEY_CACHE to a folder on another disk; what is already there is kept and the download goes on from it.`,
    { cause },
  );
}

/** Maps what the file system says to a message with a cure; anything else passes unchanged. */
export function fromFileSystem(error: unknown, folder: string, neededBytes: number): unknown {
  const code = errorCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(folder, neededBytes, error);
  // A file in the folder's own place answers otherwise than one above it.
  if (code === "EEXIST" || code === "ENOTDIR")
    return new WeightsError(
      "not_writable",
      `PARLEY_CACHE: ${folder} cannot be made, because a file stands in its place or above it. Set it to a folder, or leave it out: then it is in your cache folder.`,
      { cause: error },
    );
  if (code === "EACCES" || code === "EROFS" || code === "EPERM")
    return new WeightsError(
      "not_writable",
      `The weights cache ${folder} cannot be written (${code}). Set PARLEY_CACHE to a folder that can.`,
      { cause: error },
    );
  return error;
}
