import { expect, test } from "vitest";
import type { LoadedModel } from "../llama.ts";
import { createVocabulary, type NativeVocabulary } from "../vocabulary.ts";
import type { Engine } from "./engine.ts";
import { chatPrompt } from "./prompt.ts";

const bos = 1;
const end = 2;
/** Bytes are tokens, but for an end of turn; each text begins with a token of its own. */
const native: NativeVocabulary = {
  tokenize: (text, special) =>
    Uint32Array.from(
      text
        .split(special ? /(<end>)/ : /$^/)
        .flatMap((part) => (special && part === "<end>" ? [end] : [...new TextEncoder().encode(part)])),
    ),
  getTokenString: (token) => String.fromCharCode(token),
  getTokenAttributes: () => 0,
  isEogToken: () => false,
  shouldPrependBosToken: () => true,
  tokenBos: () => bos,
};
const engineWith = (render: LoadedModel["render"]): Engine => {
  const vocabulary = createVocabulary(native, false, ["long enough"]);
  const model = { vocabulary, render, file: { template: "", bosText: "", eosText: "" } };
  return { model, contextTokens: 100 } as unknown as Engine;
};
type Messages = { role: string; content: string }[];
const turns = engineWith((_, { messages }) =>
  (messages as Messages).map(({ role, content }) => `${role}:${content}<end>`).join(""),
);
const bare = engineWith((_, { messages }) => (messages as Messages).map(({ content }) => content).join(""));
const spelled = (tokens: readonly number[]) =>
  String.fromCharCode(...tokens.map((token) => (token < 3 ? 48 + token : token)));

test.each([
  ["hi", "1user:hi2user:x2"],
  ["hi<end>", "1user:hi<end>2user:x2"],
])("the token that begins a text stands once, at its beginning: %s", (content, expected) => {
  const messages = [content, "x"].map((text) => ({ role: "user" as const, content: text }));
  expect(spelled(chatPrompt(turns, messages))).toBe(expected);
});

test("it stands there too where the template begins with a message", () => {
  expect(spelled(chatPrompt(bare, [{ role: "user", content: "<end>" }]))).toBe("1<end>");
});
