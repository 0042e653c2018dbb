import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Preset } from "../../../lib/shared/kinds.ts";
import { enginePolicy, PROACTIVE_VERSION } from "./turns.ts";

const prompts = fileURLToPath(new URL("../../../lib/models/prompts", import.meta.url));
const evaluator = fileURLToPath(new URL("..", import.meta.url));

/** These never read, weigh or imagine: only the assistant's own words matter to them. */
const PLAIN = ["direct", "proactive"];

/** What tells a question from an answer in kind 1, and what kind 2's person and check are made of. */
const OWN = {
  1: ["asking.ts", "policies/choice.ts"],
  2: ["asking.ts", "check.ts", "choices.ts", "numbers.ts", "texts.ts", "person.ts", "words.ts", "policies/talk.ts"],
} as const;

/**
 * What a case was measured with, as one short word: the policy's numbers, every prompt and calibration file, and what here
 * decides a case. When one of them changes, a run begins anew instead of mixing two states.
 */
export function versionsOf(policy: string, preset: Preset | undefined, kind: 1 | 2): string {
  // The check alone takes its threshold from the product.
  const engine = enginePolicy(policy === "check" ? "parley" : policy, preset);
  const hash = createHash("sha256").update(JSON.stringify(engine));
  if (policy === "proactive") hash.update(PROACTIVE_VERSION);
  for (const file of readdirSync(prompts).sort()) {
    if (!file.includes(".test.") && (!PLAIN.includes(policy) || file === "assistant.ts"))
      hash.update(file).update(readFileSync(`${prompts}/${file}`));
  }
  for (const file of OWN[kind]) hash.update(file).update(readFileSync(`${evaluator}/${file}`));
  return hash.digest("hex").slice(0, 8);
}
