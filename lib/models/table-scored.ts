import type { Candidate, History, Intent, Ports, Table, TableCell } from "../engine/ports.ts";
import { wordOverlap } from "../shared/text.ts";
import type { CallInfo } from "./call.ts";
import { scoredClear } from "./clarity.ts";
import { complete } from "./completions.ts";
import { ModelError } from "./errors.ts";
import { yesAgainstNo } from "./probability.ts";
import { clarityScoredVersion } from "./prompts/clarity.ts";
import { helpsPrompt, helpsVersion, readingPrompt, readingsVersion } from "./prompts/readings.ts";
import { sensitivities } from "./sensitivity.ts";
import { type Context, paid, seedOf, shortened } from "./served.ts";
import { clamp } from "./text.ts";

/** engine.md section 3: five short completions at temperature 1, merged by overlap. */
const samples = 5;
const readingTokens = 24;
const sameReading = 0.6;
const mostReadings = 4;

/**
 * What a reply reaches that was written knowing the wish, and what a question costs in people who leave: constants until
 * logged turns tell them.
 */
const tailored = 0.85;
const patience = 0.95;

/** Readings sampled as completions, usefulness read from next-token probabilities: the table of a small model. */
export const scoredTable =
  (context: Context): Ports["table"] =>
  (input): Promise<Table> =>
    paid(context, input, { purpose: "table", work: "scoring", promptVersion: helpsVersion }, async (info) => {
      const history = shortened(context, input.history, 512);
      // Readings are sampled while the drafts are still being written.
      const [intents, drafts] = await Promise.all([readings(info, history), input.drafts]);
      const direct = drafts.find((draft) => draft.kind === "answer") ?? drafts[0];
      const [helped, clear, moved] = await Promise.all([
        helpTable(info, history, intents, drafts),
        scoredClear({ ...info, purpose: "clarity", promptVersion: clarityScoredVersion }, history).catch(() => null),
        direct && context.capabilities.echo ? sensitivities(info, history, direct.text, intents) : unmeasured,
      ]);
      const known = moved.filter((value): value is number => value !== null);
      const rows = drafts.map((draft) => ({
        candidate: draft.id,
        cells: intents.map((_, at) => cellOf(draft, at, helped, drafts, clear)),
      }));
      const sensitivity = known.length ? { sensitivity: known.reduce((a, b) => a + b, 0) / known.length } : {};
      return { source: "scored" as const, raw: true, intents, rows, ...sensitivity };
    });

/** A reading as the model wrote it: its first line, without a full stop. Null where it says nothing. */
const tidy = (text: string): string | null => {
  const first = (text.trim().split("\n")[0] ?? "").trim().replace(/[.;,]+$/, "");
  return first.length >= 3 ? first : null;
};

/** Sampled readings, the same ones merged; weights are how often each was sampled. Throws where not one could be had. */
async function readings(info: CallInfo, history: History): Promise<Intent[]> {
  const prompt = readingPrompt(history);
  const written = await Promise.allSettled(
    Array.from({ length: samples }, (_, n) =>
      complete({
        ...info,
        purpose: "readings",
        work: "generating",
        promptVersion: readingsVersion,
        seed: seedOf(info, n + 1),
        prompt,
        maxTokens: readingTokens,
        temperature: 1,
        stop: ["\n"],
      }),
    ),
  );
  const found: { text: string; count: number }[] = [];
  for (const result of written) {
    const text = result.status === "fulfilled" ? tidy(result.value.text) : null;
    if (text === null) continue;
    const twin = found.find((other) => wordOverlap(other.text, text) > sameReading);
    if (twin) twin.count += 1;
    else found.push({ text, count: 1 });
  }
  if (found.length === 0) {
    const failed = written.find((result) => result.status === "rejected");
    throw failed?.reason ?? new ModelError("model_malformed", "The model offered no reading of the request.");
  }
  found.sort((a, b) => b.count - a.count);
  const total = found.reduce((sum, { count }) => sum + count, 0);
  return found
    .slice(0, mostReadings)
    .map(({ text, count }, index) => ({ id: `g${index + 1}`, text, weight: count / total }));
}

/** P("yes") that a reply gives a person with this wish what they wanted. Throws ModelError. */
export async function scoredHelp(info: CallInfo, history: History, reply: string, wish: string): Promise<number> {
  const prompt = helpsPrompt(history, reply, wish);
  const result = await complete({ ...info, prompt, maxTokens: 1, temperature: 0, logprobs: 20 });
  const yes = yesAgainstNo(result.tokens[0]?.top ?? []);
  if (yes === null) throw new ModelError("model_malformed", "The model answered neither yes nor no.");
  return yes;
}

const unmeasured: Promise<(number | null)[]> = Promise.resolve([]);

type Helped = Map<string, (number | null)[]>;

/** P(yes) of every draft that answers, under every reading; null where a call failed. Questions are not read this way. */
async function helpTable(
  info: CallInfo,
  history: History,
  intents: readonly Intent[],
  drafts: readonly Candidate[],
): Promise<Helped> {
  const rows = await Promise.all(
    drafts
      .filter((draft) => draft.kind !== "ask")
      .map(async (draft) => {
        const cells = await Promise.all(
          intents.map((intent) =>
            scoredHelp({ ...info, purpose: "helps" }, history, draft.text, intent.text).catch((failure: unknown) => {
              if (info.signal.aborted) throw failure;
              return null;
            }),
          ),
        );
        return [draft.id, cells] as const;
      }),
  );
  return new Map(rows);
}

/**
 * Expected success at the end of the conversation. A reply that answers fails a person only where the request really left
 * something open, and then as far as it does not help with their reading: the calibrated check weighs what the model's
 * many small judgements say. A question leads to a reply that knows the wish, unless the person leaves; what was right
 * already stays right. A hybrid is half its own text and half its question.
 */
function cellOf(
  draft: Candidate,
  at: number,
  helped: Helped,
  drafts: readonly Candidate[],
  clear: number | null,
): TableCell {
  const reach = (id: string): number | null => {
    const helps = helped.get(id)?.[at] ?? null;
    return helps === null ? null : 1 - (1 - (clear ?? 0)) * (1 - helps);
  };
  const now = reach(draft.id);
  if (draft.kind === "answer" || draft.kind === "assume")
    return { usefulness: now, questions: now === null ? 0 : clamp(1 - now) };
  const reached = drafts.map((other) => (other.kind === "hybrid" ? null : reach(other.id)));
  const asked = patience * Math.max(tailored, ...reached.filter((value) => value !== null));
  return { usefulness: draft.kind === "hybrid" && now !== null ? (now + asked) / 2 : asked, questions: 1 };
}
