import { z } from "zod";
import type { Clarity, Ports } from "../engine/ports.ts";
import { complete } from "./completions.ts";
import { askJson } from "./json.ts";
import { prefersScored } from "./makers.ts";
import { probabilityOf } from "./probability.ts";
import { calibratedClear } from "./prompts/calibration.ts";
import {
  clarityJsonVersion,
  clarityMessages,
  clarityPrompt,
  claritySchema,
  clarityScoredVersion,
  clearWord,
} from "./prompts/clarity.ts";
import { type Context, paid, shortened } from "./served.ts";
import { clamp } from "./text.ts";

const parser = z.object({ clear: z.boolean(), probability: z.number().nullish() });
const answerTokens = 40;

/** P(the request can be answered as it stands), by a few-shot completion's next token or by one short JSON call. */
export const clarity =
  (context: Context): Ports["clarity"] =>
  (input): Promise<Clarity> =>
    prefersScored(context.capabilities) ? scored(context, input) : json(context, input);

type Input = Parameters<Ports["clarity"]>[0];

const scored = (context: Context, input: Input): Promise<Clarity> =>
  paid(context, input, { purpose: "clarity", work: "scoring", promptVersion: clarityScoredVersion }, async (info) => {
    const prompt = clarityPrompt(shortened(context, input.history, answerTokens));
    const result = await complete({ ...info, prompt, maxTokens: 1, temperature: 0, logprobs: 20 });
    const nothing = probabilityOf(result.tokens[0]?.top ?? [], clearWord);
    return { clear: calibratedClear(info.model, clarityScoredVersion, nothing), source: "scored" as const };
  });

const json = (context: Context, input: Input): Promise<Clarity> =>
  paid(context, input, { purpose: "clarity", work: "scoring", promptVersion: clarityJsonVersion }, async (info) => {
    const answer = await askJson(context, info, {
      messages: clarityMessages(shortened(context, input.history, answerTokens)),
      maxTokens: answerTokens,
      parser,
      schema: { name: "clarity", schema: claritySchema },
    });
    return { clear: agreed(answer.clear, answer.probability), source: "json" as const };
  });

/** Models mix up "probability that it is clear" and "probability that I am right": the verdict decides the side. */
function agreed(clear: boolean, probability: number | null | undefined): number {
  const stated = clamp(probability ?? 0.8);
  const sure = Math.max(stated, 1 - stated);
  return clear ? sure : 1 - sure;
}
