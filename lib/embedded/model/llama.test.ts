import { beforeEach, expect, test, vi } from "vitest";
import { loadModel, ModelUnavailable } from "./llama.ts";
import { bindingsParts, contextParts } from "./llama-backend.ts";
import { vocabularyParts } from "./vocabulary.ts";

const sampler = class {
  applyConfig() {}
};
/** Everything that is used of the library's inside. */
const parts = (names: readonly string[], part: unknown) => Object.fromEntries(names.map((name) => [name, part]));
let inside: Record<"bindings" | "model" | "context", Record<string, unknown>>;
const asked = vi.fn();
beforeEach(() => {
  inside = {
    bindings: parts(bindingsParts, sampler),
    model: { ...parts(vocabularyParts, () => false), tokenize: () => [0], getTokenString: () => "Ġ" },
    context: parts(contextParts, () => undefined),
  };
  asked.mockClear();
});
vi.mock("node-llama-cpp", () => ({
  LlamaLogLevel: { error: "error" },
  getLlama: async () => ({
    _bindings: inside.bindings,
    loadModel: async () => ({
      _model: inside.model,
      fileInfo: { metadata: {} },
      tokens: { bos: null, eos: null },
      async createContext(options: object) {
        asked(options);
        return { _ctx: inside.context, contextSize: 512 };
      },
    }),
  }),
}));

const load = async () => (await loadModel({ path: "x" })).openBackend({ lanes: 1, contextTokens: 512 });

test("a sliding window is kept whole, so that a state can be cut anywhere", async () => {
  await load();
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ swaFullCache: true }));
});

test.each([
  ...bindingsParts.map((part) => ["bindings", part] as const),
  ...vocabularyParts.map((part) => ["model", part] as const),
  ...contextParts.map((part) => ["context", part] as const),
])("a library without %s.%s is refused at load, with a way out", async (where, part) => {
  delete inside[where][part];
  await expect(load()).rejects.toThrow(ModelUnavailable);
  await expect(load()).rejects.toThrow(/OPENAI_BASE_URL/);
});
