import { availableParallelism } from "node:os";
import type { Backend, Grammar } from "./backend.ts";
import { type Bindings, bindingsParts, contextParts, createBackend, type NativeContext } from "./llama-backend.ts";
import { batchTokensFor } from "./memory.ts";
import { createVocabulary, type NativeVocabulary, type Vocabulary, vocabularyParts } from "./vocabulary.ts";

/**
 * The only file that imports node-llama-cpp. Its context is driven directly (llama-backend.ts): the library's own queue
 * neither keeps sequences in phase nor in order, and llama.cpp then decodes them one by one.
 */
type Library = typeof import("node-llama-cpp");
type Llama = Awaited<ReturnType<Library["getLlama"]>>;
type Model = Awaited<ReturnType<Llama["loadModel"]>>;

/** Parts of the library that its types leave out. */
interface Internals {
  readonly bindings: Bindings;
  readonly nativeModel: NativeVocabulary;
}

export class ModelUnavailable extends Error {
  override readonly name = "ModelUnavailable";
}

export interface LoadedModel {
  readonly vocabulary: Vocabulary;
  readonly file: ModelFile;
  openBackend(size: { lanes: number; contextTokens: number }): Promise<Backend>;
  compileGrammar(text: string): Grammar;
  render(template: string, values: Record<string, unknown>): string;
  close(): Promise<void>;
}

/** What the file says of itself. */
export interface ModelFile {
  readonly template: string | null;
  readonly bosText: string;
  readonly eosText: string;
}

export interface LoadOptions {
  readonly path: string;
  readonly threads?: number | undefined;
}

const wayOut = "Set OPENAI_BASE_URL (and OPENAI_API_KEY where it needs one) to use another model server instead.";

export async function loadModel(options: LoadOptions): Promise<LoadedModel> {
  const threads = options.threads ?? availableParallelism();
  let library: Library;
  let llama: Llama;
  try {
    library = await import("node-llama-cpp");
    llama = await library.getLlama({
      build: "never",
      gpu: false,
      maxThreads: threads,
      logLevel: library.LlamaLogLevel.error,
      progressLogs: false,
    });
  } catch (cause) {
    throw new ModelUnavailable(
      `The embedded model cannot run here: node-llama-cpp has no ready-made library for ${process.platform}-${process.arch}. ${wayOut}`,
      { cause },
    );
  }
  let model: Model;
  try {
    model = await llama.loadModel({ modelPath: options.path });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ModelUnavailable(`${options.path} could not be loaded as a model (${why}). ${wayOut}`, { cause });
  }
  const { bindings, nativeModel } = internalsOf(llama, model);
  const byteLevel = nativeModelIsByteLevel(nativeModel);
  const text = (token: number | null): string => (token === null ? "" : nativeModel.getTokenString(token));
  const { metadata } = model.fileInfo;
  return {
    vocabulary: createVocabulary(nativeModel, byteLevel, metadata.tokenizer?.ggml?.tokens ?? []),
    file: {
      template: metadata.tokenizer?.chat_template ?? null,
      bosText: text(model.tokens.bos),
      eosText: text(model.tokens.eos),
    },
    async openBackend({ lanes, contextTokens }) {
      const context = await model.createContext({
        sequences: lanes,
        contextSize: contextTokens,
        batchSize: batchTokensFor(lanes),
        flashAttention: true,
        // A window that slides away would be missing where a state is cut behind it.
        swaFullCache: true,
        threads,
        failedCreationRemedy: false,
        ignoreMemorySafetyChecks: true,
      });
      const native = (context as unknown as { _ctx: NativeContext })._ctx;
      checkParts(native, contextParts);
      return createBackend(native, bindings, nativeModel, lanes, context.contextSize, () => context.dispose());
    },
    compileGrammar: (grammarText) => ({
      grammar: new bindings.AddonGrammar(grammarText, { addonExports: bindings, rootRuleName: "root" }),
    }),
    render: (template, values) => new bindings.AddonJinjaRenderer(template).render(values),
    close: () => llama.dispose(),
  };
}

function internalsOf(llama: Llama, model: Model): Internals {
  const bindings = (llama as unknown as { _bindings: Bindings })._bindings;
  const nativeModel = (model as unknown as { _model: NativeVocabulary })._model;
  checkParts(bindings, bindingsParts);
  checkParts(nativeModel, vocabularyParts);
  return { bindings, nativeModel };
}

/** Another version of the library fails with a clear message, and before anything is served. */
function checkParts<T extends object>(native: T | undefined, parts: readonly (keyof T)[]): void {
  if (native && parts.every((part) => typeof native[part] === "function")) return;
  throw new ModelUnavailable(`This version of node-llama-cpp is not the one Parley was written for. ${wayOut}`);
}

function nativeModelIsByteLevel(nativeModel: NativeVocabulary): boolean {
  // A byte-level vocabulary spells a space as Ġ.
  const [space] = nativeModel.tokenize(" ", false);
  return space !== undefined && nativeModel.getTokenString(space).startsWith("Ġ");
}
