import { parseArgs } from "node:util";
import { z } from "zod";
import type { Part } from "./form.ts";
import { POLICY_NAMES } from "./policies/names.ts";
import { Problem } from "./problem.ts";
import { SET_NAMES } from "./sets/open.ts";

/** What `parley` runs in; the other presets are policies of their own. */
const PRESETS = ["fast", "balanced", "deep"] as const;

export type Options = {
  sets: string[];
  policies: string[];
  kind: 1 | 2 | undefined;
  n: number | undefined;
  seed: number;
  preset: (typeof PRESETS)[number] | undefined;
  data: string;
  json: string | undefined;
  out: string;
  part: Part;
  parallel: number;
  /** Begin no new item after so many minutes. */
  minutes: number;
};

export const HELP = `npm run evaluate -- [options]

  --set NAME[,…]      ${SET_NAMES.join(", ")}, sharded-gsm8k, file:PATH
                      (all of kind 1 by default, with --kind 2 all talks; sharded-gsm8k is its two kind-1 sets, or its talks)
  --policy NAME[,…]   ${POLICY_NAMES.join(", ")} (table by default)
  --kind 1|2          ask or answer?, or whole conversations (by default what each set is)
  --n N               items a set (all by default, 24 for policies with rollouts and for talks, 8 talks for reference)
  --seed S            which items and which draws (1); the same seed gives every policy the same items
  --preset NAME       preset of the policy parley: ${PRESETS.join(", ")} (balanced)
  --part PART         test (default), tuning or all; a file: set is always whole
  --parallel N        items at once (1; 4 for kind 2 on a fast endpoint)
  --minutes M         begin no new item after M minutes; the next run goes on from there
  --data DIR          the data folder (../shared/data)
  --json FILE         write the results as JSON
  --out DIR           cases and pictures (bench/out/evaluate); a stopped run goes on from there

file:PATH holds one JSON object a line, all of one kind:
  {"id", "messages": [{"role", "content"}, …], "label": "ask" | "answer", "group"?}
  {"id", "first", "facts": [text, …], "question"?, "answer", "check": "number" | "choice" | "text", "group"?}
  first is what the person begins with (question, if any, is put after it), facts what they can be asked for; options of a
  choice stand in question or first, one a line: "A. …". Items of one group are never counted as independent.

The model: OPENAI_BASE_URL (any OpenAI-compatible server), else the embedded one, started for the run.
`;

const count = z.coerce.number().int().positive();

/** Reads the command line. Throws Problem with what is wrong and what would be right; null where help is wanted. */
export function readOptions(args: string[]): Options | null {
  const values = parse(args);
  if (values.help) return null;
  const list = (text: string | undefined, otherwise: string[]) =>
    text === undefined
      ? otherwise
      : text
          .split(",")
          .map((entry) => entry.trim())
          .filter((entry, at, all) => entry !== "" && all.indexOf(entry) === at);
  const policies = list(values.policy, ["table"]);
  for (const policy of policies) {
    if (!POLICY_NAMES.includes(policy)) {
      throw new Problem(`Unknown policy "${policy}". Known: ${POLICY_NAMES.join(", ")}.`);
    }
  }
  if (values.preset !== undefined && !policies.includes("parley"))
    throw new Problem("--preset is the preset of the policy parley: name it with --policy, or leave --preset out.");
  const kind = check(
    "kind",
    z
      .enum(["1", "2"])
      .transform((text) => (text === "1" ? 1 : 2))
      .optional(),
    values.kind,
  );
  return {
    sets: list(values.set, kind === 2 ? ["sharded-gsm8k", "mediq"] : ["in3", "iglu", "abg-coqa", "sharded-gsm8k"]),
    policies,
    kind,
    n: check("n", count.optional(), values.n),
    seed: check("seed", z.coerce.number().int().nonnegative().max(0x7fffffff).default(1), values.seed),
    preset: check("preset", z.enum(PRESETS).optional(), values.preset),
    data: values.data ?? "../shared/data",
    json: values.json,
    out: values.out ?? "bench/out/evaluate",
    part: check("part", z.enum(["tuning", "test", "all"]).default("test"), values.part),
    parallel: check("parallel", count.max(64).default(0 as number), values.parallel),
    minutes: check("minutes", z.coerce.number().positive().default(Number.POSITIVE_INFINITY), values.minutes),
  };
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      options: {
        set: text,
        policy: text,
        kind: text,
        n: text,
        seed: text,
        preset: text,
        data: text,
        json: text,
        out: text,
        part: text,
        parallel: text,
        minutes: text,
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : String(error)} See --help.`);
  }
}

function check<T>(name: string, schema: z.ZodType<T>, value: string | undefined): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new Problem(`--${name}: ${result.error.issues[0]?.message ?? "wrong value"}.`);
  return result.data;
}
