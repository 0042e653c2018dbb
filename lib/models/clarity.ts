import { z } from "zod";
import type { Clarity, History, Ports } from "../engine/ports.ts";
import type { CallInfo } from "./call.ts";
import { alternatives, complete } from "./completions.ts";
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

/** The scored reading itself, for whoever needs it again: the prompt is in the server's cache by then. Throws ModelError. */
export async function scoredClear(info: CallInfo, history: History): Promise<number> {
  const prompt = clarityPrompt(history);
  const result = await complete({ ...info, prompt, maxTokens: 1, temperature: 0, logprobs: alternatives });
  const nothing = probabilityOf(result.tokens[0]?.top ?? [], clearWord);
  return calibratedClear(info.model, clarityScoredVersion, nothing);
}

const scored = (context: Context, input: Input): Promise<Clarity> =>
  paid(context, input, { purpose: "clarity", work: "scoring", promptVersion: clarityScoredVersion }, async (info) => ({
    clear: await scoredClear(info, shortened(context, input.history, answerTokens)),
    source: "scored" as const,
  }));

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
