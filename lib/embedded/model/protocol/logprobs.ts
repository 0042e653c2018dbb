import type { TokenScore } from "../prefixes.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** JSON has no minus infinity; this is a probability of 1e-43. */
const least = -99;
const rounded = (logprob: number): number => Math.max(least, Math.round(logprob * 1e6) / 1e6);
const decoder = new TextDecoder();

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

/** As completions want it. `offset`: characters before the first token. */
export function legacyLogprobs(
  vocabulary: Vocabulary,
  entries: readonly { readonly token: number; readonly score: TokenScore | null }[],
  alternatives: number,
  offset: number,
): LegacyLogprobs {
  const out: LegacyLogprobs = { tokens: [], token_logprobs: [], top_logprobs: [], text_offset: [] };
  let at = offset;
  for (const { token, score } of entries) {
    const text = decoder.decode(vocabulary.bytes(token, true));
    out.tokens.push(text);
    out.token_logprobs.push(score ? rounded(score.logprob) : null);
    out.text_offset.push(at);
    at += text.length;
    if (!score) {
      out.top_logprobs.push(null);
      continue;
    }
    const top: Record<string, number> = {};
    // Two tokens may have the same text (parts of characters): the likelier one comes first and stands.
    for (const other of score.alternatives.slice(0, alternatives))
      top[decoder.decode(vocabulary.bytes(other.token, true))] ??= rounded(other.logprob);
    out.top_logprobs.push(top);
  }
  return out;
}
