import { z } from "zod";
import {
  type ChoiceItem,
  choiceItemSchema,
  type EvaluationSet,
  type Part,
  type TalkItem,
  talkItemSchema,
} from "../form.ts";
import { Problem } from "../problem.ts";
import { inPart, partOf } from "../split.ts";
import { readAbgCoqa } from "./abg-coqa.ts";
import { readLines } from "./files.ts";
import { readIglu } from "./iglu.ts";
import { readIn3 } from "./in3.ts";
import { readMediq } from "./mediq.ts";
import { firstAgainstWhole, oneCutEach, oneMissingAgainstNone, readSharded, shardedTalks } from "./sharded-gsm8k.ts";

type Reader = (
  data: string,
  part: Part,
) => Promise<Omit<EvaluationSet & { kind: 1 }, "name"> | Omit<EvaluationSet & { kind: 2 }, "name">>;

const sharded = async (data: string) => oneCutEach(await readSharded(data));

const READERS: Record<string, Reader> = {
  in3: async (data, part) => ({
    kind: 1,
    items: await readIn3(data, part),
    training: part === "test" ? await readIn3(data, "tuning") : [],
  }),
  iglu: async (data, part) => choices(await readIglu(data), part),
  "abg-coqa": async (data, part) => choices(await readAbgCoqa(data), part),
  "sharded-gsm8k/first": async (data, part) => choices(firstAgainstWhole(await sharded(data)), part),
  "sharded-gsm8k/missing": async (data, part) => choices(oneMissingAgainstNone(await sharded(data)), part),
  "sharded-gsm8k/talk": async (data, part) => talks(shardedTalks(await sharded(data)), part),
  mediq: async (data, part) => talks(await readMediq(data), part),
};

export const SET_NAMES = Object.keys(READERS);

/** What a name on the command line stands for: `sharded-gsm8k` is its two kind-1 sets, or its talks with kind 2. */
export function setNames(name: string, kind: 1 | 2 | undefined): string[] {
  if (name.startsWith("file:")) return [name];
  if (name === "sharded-gsm8k") {
    return kind === 2 ? ["sharded-gsm8k/talk"] : ["sharded-gsm8k/first", "sharded-gsm8k/missing"];
  }
  if (Object.hasOwn(READERS, name)) return [name];
  throw new Problem(`Unknown set "${name}". Known: sharded-gsm8k, ${SET_NAMES.join(", ")}, file:PATH.`);
}

/** Reads one set. Errors (missing folder, truncated file, wrong shape) are Problems that name the file and the line. */
export async function openSet(name: string, data: string, part: Part): Promise<EvaluationSet> {
  if (name.startsWith("file:")) return fileSet(name);
  const reader = READERS[name];
  if (!reader) throw new Problem(`Unknown set "${name}".`);
  const set = { name, ...(await reader(data, part)) };
  if (set.items.length === 0) throw new Problem(`Set ${name} has no items in its ${part} part.`);
  return set;
}

async function fileSet(name: string): Promise<EvaluationSet> {
  const path = name.slice("file:".length);
  const rows = await readLines(path, z.unknown().transform(itemOf), "Give the file's path after file:.");
  const ids = new Set<string>();
  for (const { id } of rows) {
    if (ids.has(id)) throw new Problem(`${path}: two items have the same id, ${id}.`);
    ids.add(id);
  }
  const items = rows.filter((row): row is ChoiceItem => "messages" in row);
  if (items.length === rows.length) return { kind: 1, name, items, training: [] };
  if (items.length > 0) throw new Problem(`${path} mixes items of kind 1 and kind 2; use one file for each.`);
  return { kind: 2, name, items: rows.filter((row): row is TalkItem => "first" in row) };
}

/** By the one field that tells the kinds apart, so that a wrong field is named. */
function itemOf(value: unknown, context: z.RefinementCtx): ChoiceItem | TalkItem {
  const schema = typeof value === "object" && value !== null && "messages" in value ? choiceItemSchema : talkItemSchema;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  context.addIssue({ code: "custom", message: z.prettifyError(result.error) });
  return z.NEVER;
}

/** Training rows for the bag of words are the other half; a run on all items trains by folds instead. */
function choices(items: ChoiceItem[], part: Part) {
  const other = part === "all" ? [] : items.filter((item) => partOf(item.group ?? item.id) !== part);
  return { kind: 1 as const, items: inPart(items, part), training: other };
}

const talks = (items: TalkItem[], part: Part) => ({ kind: 2 as const, items: inPart(items, part) });
