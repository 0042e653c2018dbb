import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./replace-file.ts";

/** A random word of `bytes` bytes, made once and kept in `file`, for its owner alone. */
export function keepWord(file: string, bytes: number): string {
  const kept = read(file);
  // One that was cut short when it was written, by a full disk or a kill, is no word.
  if (kept.length >= 2 * bytes) return kept;
  const made = randomBytes(bytes).toString("hex");
  replaceFile(file, made);
  return made;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** The secret that signs sessions, kept in the data folder: sessions survive a restart. */
export const keepSecret = (folder: string): string => keepWord(join(folder, "secret"), 32);
