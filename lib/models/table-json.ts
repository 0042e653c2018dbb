import { z } from "zod";
import type { Candidate, Intent, Ports, Table, TableCell } from "../engine/ports.ts";
import { wordOverlap } from "../shared/text.ts";
import { askJson } from "./json.ts";
import { tableJsonVersion, tableMessages, tableSchema } from "./prompts/table.ts";
import { type Context, paid, shortened } from "./served.ts";
import { clamp } from "./text.ts";

/** Enough for five wishes and four replies each. */
const answerTokens = 1200;
const mostWishes = 5;
const wishLimit = 300;
const labelLimit = 60;

/** A number that a model wrote, possibly as text; anything else is no opinion. */
const stated = z.union([z.number(), z.string().transform(Number)]).catch(Number.NaN);
const parser = z.object({
  wishes: z
    .array(
      z.object({
        wish: z.string().trim().min(1),
        label: z.string().trim().catch(""),
        probability: stated,
        replies: z.array(z.object({ reply: stated, useful: stated, questions: stated })).catch([]),
      }),
    )
    .min(1),
});
type Wish = z.infer<typeof parser>["wishes"][number];

/** Readings, weights and usefulness from one structured call over the finished drafts. */
export const jsonTable =
  (context: Context): Ports["table"] =>
  (input): Promise<Table> =>
    paid(context, input, { purpose: "table", work: "scoring", promptVersion: tableJsonVersion }, async (info) => {
      const drafts = await input.drafts;
      const history = shortened(context, input.history, answerTokens + drafts.length * 400);
      const { wishes } = await askJson(context, info, {
        messages: tableMessages(history, drafts),
        maxTokens: answerTokens,
        parser,
        schema: { name: "table", schema: tableSchema },
      });
      return tableOf(different(wishes).slice(0, mostWishes), drafts);
    });

/** Wishes that say the same in other words are one wish. */
function different(wishes: readonly Wish[]): Wish[] {
  const kept: Wish[] = [];
  for (const wish of wishes) {
    const twin = kept.find((other) => wordOverlap(other.wish, wish.wish) > 0.8);
    // Never over 1, which would be read as so many per cent.
    if (twin) twin.probability = Math.min(1, weightOf(twin) + weightOf(wish));
    else kept.push(wish);
  }
  return kept;
}

const weightOf = (wish: Wish): number => {
  // 40 means 40 %.
  const probability = wish.probability > 1 ? wish.probability / 100 : wish.probability;
  return clamp(probability, 0.01, 1);
};

function tableOf(wishes: readonly Wish[], drafts: readonly Candidate[]): Omit<Table, "cost"> {
  const intents: Intent[] = wishes.map((wish, index) => ({
    id: `g${index + 1}`,
    text: wish.wish.slice(0, wishLimit),
    ...(wish.label ? { label: wish.label.slice(0, labelLimit) } : {}),
    weight: weightOf(wish),
  }));
  const cellOf = (wish: Wish, draft: Candidate, index: number): TableCell => {
    const cell = wish.replies.find((reply) => reply.reply === index + 1);
    const useful = cell && Number.isFinite(cell.useful) ? clamp(cell.useful / 10) : null;
    const own = draft.kind === "ask" || draft.kind === "hybrid" ? 1 : 0;
    return { usefulness: useful, questions: clamp(cell?.questions ?? own, own, 3) };
  };
  const rows = drafts.map((draft, index) => ({
    candidate: draft.id,
    cells: wishes.map((wish) => cellOf(wish, draft, index)),
  }));
  return { source: "json", raw: true, intents, rows };
}
