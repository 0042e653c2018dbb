import type { Ports, Score } from "../engine/ports.ts";
import { waitsForReply } from "./answer.ts";
import { type ChatResult, chat, chatAlternatives, type TokenChoice } from "./chat.ts";
import { ModelError } from "./errors.ts";
import { likelihoodGain } from "./likelihood.ts";
import { prefersScored } from "./makers.ts";
import { judgeMessages, judgeVersion } from "./prompts/future.ts";
import { likelihoodVersion, successOf } from "./prompts/likelihood.ts";
import { type Context, lastOf, paid, reasoningTokens, seedOf, shortened } from "./served.ts";
import { clamp } from "./text.ts";

/** Two digits and a space; some models add a full stop or quotes. */
const answerTokens = 8;
const best = 9;

/** Expectation over the digits where the endpoint tells their probabilities, else the digit that was said. In [0,1]. */
export function expectedDigit(said: string, choice: TokenChoice | undefined): number {
  let mass = 0;
  let sum = 0;
  for (const { token, logprob } of choice?.top ?? []) {
    const digit = token.trim();
    if (!/^[0-9]$/.test(digit)) continue;
    const probability = Math.exp(logprob);
    mass += probability;
    sum += probability * Number(digit);
  }
  // Less than half on digits: the tokens do not line up with what was said, so the word counts.
  return clamp((mass > 0.5 ? sum / mass : Number(said)) / best);
}

/** The two scores of an answer such as "7 4"; null where there are none. */
export function scoresOf(result: Pick<ChatResult, "text" | "tokens">): [number, number] | null {
  const said = result.text.match(/^\D{0,12}([0-9])(?![0-9])\D{1,12}([0-9])(?![0-9])/);
  if (!said?.[1] || !said[2]) return null;
  const digits = result.tokens.filter((token) => /^[0-9]$/.test(token.token.trim()));
  return [expectedDigit(said[1], digits[0]), expectedDigit(said[2], digits[1])];
}

type Judge = Ports["judge"];
type Input = Parameters<Judge>[0];

/**
 * The score of one finished future. A small model's verdicts are noise, so it is not asked for one: what counts is how much
 * likelier the last reply becomes to the request when the wish is known. Others give two digits, weighed by their
 * probabilities where told. A small model's interactivity is never scored: w_J = 0 there.
 */
export const judge = (context: Context): Judge =>
  prefersScored(context.capabilities) && context.capabilities.echo ? byLikelihood(context) : byDigits(context);

const graded = (input: Input, success: number): number =>
  input.outcome === "binary" ? Number(success >= 0.5) : success;

/** The conversation up to the candidate: what came after already holds the wish, and would explain the reply away. */
function requestBefore({ history, acts }: Input): Input["history"] {
  const told = acts.filter((act) => act.type === "reply").length;
  return history.slice(0, Math.max(1, history.length - 1 - 2 * told));
}

/** Who leaves, and who still has a question before them that they did not take for an answer, has nothing yet. */
function leftAsked({ acts, candidate }: Input, reply: string): boolean {
  const last = acts.at(-1)?.type;
  return last === "quit" ? candidate.kind === "ask" : last !== "accept" && waitsForReply(reply);
}

const byLikelihood =
  (context: Context): Judge =>
  (input): Promise<Score> =>
    paid(context, input, { purpose: "judge", work: "scoring", promptVersion: likelihoodVersion }, async (info) => {
      const reply = lastOf(input.history, "assistant")?.text ?? "";
      if (reply.trim() === "" || leftAsked(input, reply)) return { success: 0, interactivity: null };
      const gain = await likelihoodGain(info, requestBefore(input), reply, input.intent.text);
      return { success: graded(input, successOf(gain)), interactivity: null };
    });

const byDigits =
  (context: Context): Judge =>
  (input): Promise<Score> =>
    paid(context, input, { purpose: "judge", work: "scoring", promptVersion: judgeVersion }, async (info) => {
      const unneeded =
        input.candidate.kind === "ask" || input.candidate.kind === "hybrid" ? !changed(input.acts) : false;
      const messages = judgeMessages(shortened(context, input.history, answerTokens), input.intent, unneeded);
      for (let round = 0; round < 2; round += 1) {
        const result = await chat({
          ...info,
          seed: seedOf(info, round),
          messages,
          maxTokens: answerTokens,
          temperature: round === 0 ? 0 : 0.5,
          ...(context.capabilities.logprobs ? { logprobs: chatAlternatives } : {}),
          reasoningTokens: reasoningTokens(context.capabilities),
        });
        const scores = scoresOf(result);
        if (!scores) continue;
        const [success, interactivity] = scores;
        return {
          success: graded(input, success),
          // Necessity, not politeness: a question that changed nothing earns none.
          interactivity: prefersScored(context.capabilities) ? null : unneeded ? 0 : interactivity,
        };
      }
      throw new ModelError("model_malformed", "The judge's score could not be read, twice.");
    });

/** Did a question bring the assistant anything: was a fact told or a mistake put right? */
const changed = (acts: Input["acts"]): boolean =>
  acts.some((act) => act.type === "reply" && act.facts.some((fact) => fact.does !== "refuses"));
