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
  /** How the models are asked, as their endpoint was found: another way is another measurement. */
  asked: string;
  seed: number;
  /** Versions of the prompts and of the policy: a case measured with other words is another case. */
  versions: string;
};

export const runId = (key: RunKey) =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(key).sort()))
    .digest("hex")
    .slice(0, 12);

/** An item as the data holds it; the same id with another text, label or answer is another item. */
type Item = { readonly id: string };

export interface CaseStore {
  get(item: Item): Case | undefined;
  put(item: Item, one: Case): void;
  readonly path: string;
}

const hashOf = (item: Item) => createHash("sha256").update(JSON.stringify(item)).digest("hex").slice(0, 12);

/**
 * Cases of one run, one JSON object a line, each written as soon as it is measured: what a stopped run has paid for is
 * never paid again. A line that a kill cut off is dropped, and measured again.
 */
export function openCases(folder: string, key: RunKey): CaseStore {
  const name = `${key.set}--${key.policy}`.replaceAll(/[^\w.-]+/g, "_").slice(-80);
  const path = join(folder, `${name}--${runId(key)}.jsonl`);
  mkdirSync(dirname(path), { recursive: true });
  const known = new Map<string, Stored>();
  if (existsSync(path)) {
    const text = readFileSync(path, "utf8");
    for (const line of text.split("\n")) {
      const one = caseOf(line);
      if (one) known.set(one.case.id, one);
    }
    if (!text.endsWith("\n")) writeFileSync(path, [...known.values()].map(lineOf).join(""));
  }
  return {
    path,
    get: (item) => {
      const stored = known.get(item.id);
      return stored?.item === hashOf(item) ? stored.case : undefined;
    },
    put: (item, one) => {
      const stored = { case: one, item: hashOf(item) };
      known.set(one.id, stored);
      appendFileSync(path, lineOf(stored));
    },
  };
}

type Stored = { case: Case; item: string };

const lineOf = (stored: Stored) => `${JSON.stringify({ ...stored.case, item: stored.item })}\n`;

function caseOf(line: string): Stored | null {
  if (line.trim() === "") return null;
  try {
    const value = JSON.parse(line);
    return { case: caseSchema.parse(value), item: String(value.item) };
  } catch {
    return null;
  }
}
