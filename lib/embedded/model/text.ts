import type { Vocabulary } from "./vocabulary.ts";

export interface TextPiece<T> {
  readonly text: string;
  /** What was pushed with the tokens whose text is in `text` (or had none). */
  readonly marks: readonly T[];
}

export interface TextStream<T> {
  /** Takes a token; `piece` is what is now certain to be shown, `stopped` says that a stop sequence was met. */
  push(token: number, mark: T | null): { readonly piece: TextPiece<T>; readonly stopped: boolean };
  /** The rest, at the end. */
  flush(): TextPiece<T>;
}

/** Length of the longest end of `text` that begins a stop sequence. */
function heldBack(text: string, stops: readonly string[]): number {
  let most = 0;
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > most; length--)
      if (stop.startsWith(text.slice(text.length - length))) most = length;
  return most;
}

/**
 * Tokens to text: bytes of a character that are split across tokens wait for each other, and what could be the beginning
 * of a stop sequence waits until it is one (then it is never shown) or is not.
 */
export function createTextStream<T>(vocabulary: Vocabulary, stops: readonly string[]): TextStream<T> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let held = "";
  /** Characters shown so far and, below, where each mark's token begins. */
  let shown = 0;
  let marks: { at: number; mark: T }[] = [];

  function release(text: string, upTo: number): TextPiece<T> {
    shown += text.length;
    const out = marks.filter(({ at }) => at < upTo);
    marks = marks.filter(({ at }) => at >= upTo);
    return { text, marks: out.map(({ mark }) => mark) };
  }

  return {
    push(token, mark) {
      if (mark !== null) marks.push({ at: shown + held.length, mark });
      held += decoder.decode(vocabulary.bytes(token), { stream: true });
      const hits = stops.map((stop) => held.indexOf(stop)).filter((place) => place >= 0);
      if (hits.length > 0) {
        const text = held.slice(0, Math.min(...hits));
        held = "";
        const piece = release(text, shown + text.length);
        marks = [];
        return { piece, stopped: true };
      }
      const text = held.slice(0, held.length - heldBack(held, stops));
      held = held.slice(text.length);
      return { piece: release(text, shown + text.length + (held === "" ? 1 : 0)), stopped: false };
    },
    flush() {
      const text = held + decoder.decode();
      held = "";
      return release(text, Number.POSITIVE_INFINITY);
    },
  };
}
