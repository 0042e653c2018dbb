import type { Candidate, History, Intent, Ports, Table, TableCell } from "../engine/ports.ts";
import { wordOverlap } from "../shared/text.ts";
import type { CallInfo } from "./call.ts";
import { isSlow } from "./capabilities.ts";
import { scoredClear } from "./clarity.ts";
import { complete } from "./completions.ts";
import { ModelError } from "./errors.ts";
import { sensitivities } from "./likelihood.ts";
import { assuming, lucky, patience, tailored } from "./prompts/calibration.ts";
import { clarityScoredVersion } from "./prompts/clarity.ts";
import { readingPrompt, readingsVersion } from "./prompts/readings.ts";
import { type Context, paid, seedOf, shortened } from "./served.ts";
import { clamp } from "./text.ts";

/** engine.md section 3: five short completions at temperature 1, merged by overlap. */
const samples = 5;
const readingTokens = 24;
const sameReading = 0.6;
const mostReadings = 4;

/** Readings sampled as completions, usefulness read from next-token probabilities: the table of a small model. */
export const scoredTable =
  (context: Context): Ports["table"] =>
  (input): Promise<Table> =>
    paid(context, input, { purpose: "table", work: "scoring", promptVersion: readingsVersion }, async (info) => {
      const history = shortened(context, input.history, 512);
      // Readings are sampled while the drafts are still being written.
      const [intents, drafts] = await Promise.all([readings(info, history), input.drafts]);
      const direct = drafts.find((draft) => draft.kind === "answer") ?? drafts[0];
      const [clear, moved] = await Promise.all([
        scoredClear({ ...info, purpose: "clarity", promptVersion: clarityScoredVersion }, history).catch(() => null),
        direct && measures(context) ? sensitivities(info, history, direct.text, intents) : unmeasured,
      ]);
      const known = moved.filter((value): value is number => value !== null);
      const rows = drafts.map((draft) => ({
        candidate: draft.id,
        cells: intents.map(() => cellOf(draft.kind, clear)),
      }));
      const told = known.length ? { sensitivity: known.reduce((a, b) => a + b, 0) / known.length } : {};
      return { source: "scored" as const, raw: true, kindsOnly: true, intents, rows, ...told };
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

/** Sensitivity is for the record and decides nothing (decision 0063): nobody waits seconds for it. */
const measures = ({ capabilities }: Context): boolean => capabilities.echo && !isSlow(capabilities);
const unmeasured: Promise<(number | null)[]> = Promise.resolve([]);

/**
 * Expected success at the end of the conversation. A reply that answers now fails somebody only where the request really
 * left something open, and then mostly: the calibrated check says how likely that is. A question leads to a reply that
 * knows the wish, unless the person leaves. A hybrid is half the one and half the other.
 */
function cellOf(kind: Candidate["kind"], clear: number | null): TableCell {
  if (clear === null) return { usefulness: null, questions: 1 };
  const now = 1 - (1 - clear) * (1 - lucky);
  if (kind === "answer" || kind === "assume")
    return { usefulness: kind === "answer" ? now : now - clear * (1 - assuming), questions: clamp(1 - now) };
  const asked = patience * Math.max(tailored, now);
  return { usefulness: kind === "hybrid" ? (now + asked) / 2 : asked, questions: 1 };
}
