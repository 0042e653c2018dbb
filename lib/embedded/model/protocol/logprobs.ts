import type { TokenScore } from "../prefixes.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** JSON has no minus infinity; this is a probability of 1e-43. */
const least = -99;
const rounded = (logprob: number): number => Math.max(least, Math.round(logprob * 1e6) / 1e6);
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

interface ChatLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: number[];
}

/** As chat completions want it. */
export function chatLogprob(vocabulary: Vocabulary, score: TokenScore) {
  const one = (token: number, logprob: number): ChatLogprob => {
    const bytes = vocabulary.bytes(token, true);
    return { token: decoder.decode(bytes), logprob: rounded(logprob), bytes: Array.from(bytes) };
  };
  return {
    ...one(score.token, score.logprob),
    top_logprobs: score.alternatives.map(({ token, logprob }) => one(token, logprob)),
  };
}

export interface LegacyLogprobs {
  readonly tokens: string[];
  readonly token_logprobs: (number | null)[];
  readonly top_logprobs: (Record<string, number> | null)[];
  readonly text_offset: number[];
}

/**
 * Counts the characters of a text token by token: told each token once, in order, it says where that one begins. A character
 * split across tokens counts once, behind its last. `special`: control tokens are spelled out in the text.
 */
export function createOffsets(vocabulary: Vocabulary, special: boolean, start = 0): (token: number) => number {
  const whole = new TextDecoder("utf-8", { ignoreBOM: true });
  let at = start;
  return (token) => {
    const begin = at;
    at += whole.decode(vocabulary.bytes(token, special), { stream: true }).length;
    return begin;
  };
}

export interface LegacyEntry {
  readonly token: number;
  readonly score: TokenScore | null;
  /** Characters before it. */
  readonly offset: number;
}

/** As completions want it. */
export function legacyLogprobs(
  vocabulary: Vocabulary,
  entries: readonly LegacyEntry[],
  alternatives: number,
): LegacyLogprobs {
  const out: LegacyLogprobs = { tokens: [], token_logprobs: [], top_logprobs: [], text_offset: [] };
  for (const { token, score, offset } of entries) {
    out.tokens.push(decoder.decode(vocabulary.bytes(token, true)));
    out.token_logprobs.push(score ? rounded(score.logprob) : null);
    out.text_offset.push(offset);
    if (!score) {
      out.top_logprobs.push(null);
      continue;
    }
    // Without a prototype: a token may be spelled "constructor".
    const top: Record<string, number> = Object.create(null);
    // Two tokens may have the same text (parts of characters): the likelier one comes first and stands.
    for (const other of score.alternatives.slice(0, alternatives))
      top[decoder.decode(vocabulary.bytes(other.token, true))] ??= rounded(other.logprob);
    out.top_logprobs.push(top);
  }
  return out;
}
