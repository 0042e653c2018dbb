import { type Capabilities, isSlow } from "./capabilities.ts";
import type { Models } from "./models.ts";

/**
 * Usual lengths of the short texts of an imagined future, in tokens' time; a judgement counts its reading. A slow model writes
 * less (`limits`) and is judged by two readings of its reply.
 */
const userTokens = 24;
const assistantTokens = { fast: 64, slow: 48 } as const;
const judgeTokens = { fast: 8, slow: 16 } as const;
/** Reading a candidate's token four times, as a future does, takes a slow machine about as long as writing one. */
const readingTokens = 1;
/** Where the probe could not time a token. */
const unknownTokenMs = 10;
/** Calls at once of an endpoint that tells no slots. */
const slotsUntold = 8;
/**
 * A slow machine is bound by arithmetic: each further future at once takes .73 of a lone one's time (decision 0035). All twelve at
 * once would all end late, and a deadline would leave none; six end in time, and the next follow.
 */
const slowShare = 0.73;
const slowAtOnce = 6;

/**
 * How fast an imagined future is, in ms of one call alone, for planning blocks (the engine's `Speeds`).
 * @param measured ms of logged calls by purpose. On a slow machine they were taken among others, so they count only where
 *   they are below what the probe says.
 * @param turns that share the machine, this one among them: a slow one gives each its part
 */
export function speedsOf(
  { capabilities, replyMs }: Pick<Models, "capabilities" | "replyMs">,
  measured: Readonly<Record<string, number>> = {},
  turns = 1,
) {
  const { assistant, simulator, judge } = capabilities;
  const slow = isSlow(assistant);
  const pace = slow ? "slow" : "fast";
  const shared = slow ? Math.max(1, turns) : 1;
  const alone = (role: string, { tokenMs }: Capabilities, tokens: number): number => {
    const guess = (tokenMs ?? unknownTokenMs) * tokens;
    const logged = measured[role] ?? guess;
    return shared * (slow ? Math.min(logged, guess) : logged);
  };
  const slots = assistant.slots ?? slotsUntold;
  const atOnce = slow ? Math.min(slots, slowAtOnce) : slots;
  return {
    reply: replyMs(),
    user: alone("user", simulator, userTokens),
    assistant: alone("assistant", assistant, assistantTokens[pace]),
    judge: alone("judge", judge, judgeTokens[pace]),
    reading: slow ? shared * (assistant.tokenMs ?? 0) * readingTokens : 0,
    slots: atOnce,
    crowding: slow ? 1 + slowShare * (atOnce - 1) : 1,
  };
}
