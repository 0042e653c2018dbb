/** The model's tokens as text and bytes. */
export interface Vocabulary {
  readonly size: number;
  /** Bytes of the longest token. */
  readonly longestToken: number;
  /** With `special`, control tokens such as <|im_end|> in the text become tokens; without, they stay plain text. */
  tokenize(text: string, special: boolean): number[];
  /** The tokens with the one before them that the model wants at the beginning of each text, if any. */
  begin(tokens: readonly number[]): number[];
  /** The token's bytes; empty for control tokens unless `special`. */
  bytes(token: number, special?: boolean): Uint8Array;
  /** Whether the model ends its turn with this token. */
  isEnd(token: number): boolean;
  /** Whether the text holds the spelling of a control token. */
  holdsControl(text: string): boolean;
}

/** The native model's side of it. */
export interface NativeVocabulary {
  tokenize(text: string, special: boolean): Uint32Array;
  getTokenString(token: number): string;
  getTokenAttributes(token: number): number;
  isEogToken(token: number): boolean;
  shouldPrependBosToken(): boolean;
  tokenBos(): number;
}

export const vocabularyParts: readonly (keyof NativeVocabulary)[] = [
  "tokenize",
  "getTokenString",
  "getTokenAttributes",
  "isEogToken",
  "shouldPrependBosToken",
  "tokenBos",
];

const controlAttribute = 8;
const userDefinedAttribute = 16;
const unknownAttribute = 1;
const byteToken = /^<0x([0-9A-Fa-f]{2})>$/;
const encoder = new TextEncoder();

/** GPT-2's alphabet: printable bytes stand for themselves, the others were moved to 256 and up. */
function byteAlphabet(): Map<string, number> {
  const alphabet = new Map<string, number>();
  let moved = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    alphabet.set(String.fromCodePoint(printable ? byte : moved++), byte);
  }
  return alphabet;
}

const alphabet = byteAlphabet();

/** Bytes of a token as the vocabulary spells it: GPT-2's alphabet, or SentencePiece's with ▁ and <0xNN>. */
export function spelledBytes(spelled: string, byteLevel: boolean): Uint8Array {
  if (byteLevel) {
    const bytes: number[] = [];
    for (const character of spelled) {
      const byte = alphabet.get(character);
      if (byte === undefined) return encoder.encode(spelled);
      bytes.push(byte);
    }
    return Uint8Array.from(bytes);
  }
  const raw = byteToken.exec(spelled)?.[1];
  return raw === undefined ? encoder.encode(spelled.replaceAll("▁", " ")) : Uint8Array.of(Number.parseInt(raw, 16));
}

const nothing = new Uint8Array();

export function createVocabulary(
  native: NativeVocabulary,
  byteLevel: boolean,
  spellings: readonly string[],
): Vocabulary {
  const known = new Map<number, Uint8Array>();
  const bos = native.shouldPrependBosToken() ? native.tokenBos() : -1;
  const isControl = (token: number): boolean =>
    (native.getTokenAttributes(token) & (controlAttribute | unknownAttribute)) !== 0;
  const spell = (token: number): Uint8Array => {
    const cached = known.get(token);
    if (cached) return cached;
    const literal = (native.getTokenAttributes(token) & userDefinedAttribute) !== 0 || isControl(token);
    const spelled = native.getTokenString(token);
    const bytes = literal ? encoder.encode(spelled) : spelledBytes(spelled, byteLevel);
    known.set(token, bytes);
    return bytes;
  };
  return {
    size: spellings.length,
    longestToken: spellings.reduce((most, spelled) => Math.max(most, spelledBytes(spelled, byteLevel).length), 0),
    tokenize: (text, special) => Array.from(native.tokenize(text, special)),
    begin: (tokens) => (bos >= 0 && tokens[0] !== bos ? [bos, ...tokens] : [...tokens]),
    bytes: (token, special = false) => (!special && isControl(token) ? nothing : spell(token)),
    isEnd: (token) => native.isEogToken(token),
    holdsControl(text) {
      const plain = native.tokenize(text, false);
      const special = native.tokenize(text, true);
      return plain.length !== special.length || plain.some((token, index) => token !== special[index]);
    },
  };
}
