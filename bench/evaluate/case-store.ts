import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Case, caseSchema } from "./cases.ts";

/** Everything that makes two cases comparable; a change in any of it begins a new file. */
export type RunKey = {
  set: string;
  policy: string;
  preset: string;
  model: string;
  seed: number;
  /** Versions of the prompts and of the policy: a case measured with other words is another case. */
  versions: string;
};

export const runId = (key: RunKey) =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(key).sort()))
    .digest("hex")
    .slice(0, 12);

export interface CaseStore {
  get(id: string): Case | undefined;
  put(one: Case): void;
  readonly path: string;
}

/**
 * Cases of one run, one JSON object a line, each written as soon as it is measured: what a stopped run has paid for is
 * never paid again. A line that a kill cut off is dropped, and measured again.
 */
export function openCases(folder: string, key: RunKey): CaseStore {
  const name = `${key.set}--${key.policy}`.replaceAll(/[^\w.-]+/g, "_").slice(-80);
  const path = join(folder, `${name}--${runId(key)}.jsonl`);
  mkdirSync(dirname(path), { recursive: true });
  const known = new Map<string, Case>();
  if (existsSync(path)) {
    const text = readFileSync(path, "utf8");
    for (const line of text.split("\n")) {
      const one = caseOf(line);
      if (one) known.set(one.id, one);
    }
    if (!text.endsWith("\n"))
      writeFileSync(path, [...known.values()].map((one) => `${JSON.stringify(one)}\n`).join(""));
  }
  return {
    path,
    get: (id) => known.get(id),
    put: (one) => {
      known.set(one.id, one);
      appendFileSync(path, `${JSON.stringify(one)}\n`);
    },
  };
}

function caseOf(line: string): Case | null {
  if (line.trim() === "") return null;
  try {
    return caseSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
