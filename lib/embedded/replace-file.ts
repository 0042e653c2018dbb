import { renameSync, writeFileSync } from "node:fs";

/** Replaces a file whole, for its owner alone: a reader never sees half of it, nor does a kill or a full disk leave that. */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
