import type { Backend, BatchPart, Likeliest, Row, Sampler, SamplerSettings } from "./backend.ts";

/** The add-on as node-llama-cpp 3.21.1 brings it; the library's own types leave it out. */
export interface NativeSampler {
  applyConfig(config: Record<string, unknown>): void;
  dispose(): void;
}

export interface NativeContext {
  initBatch(size: number): void;
  addToBatch(lane: number, position: number, tokens: Uint32Array, wanted: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  setThreads(threads: number): void;
  sampleToken(row: Row, sampler: NativeSampler): Promise<number>;
  sampleToken(row: Row, sampler: NativeSampler, probabilities: true): Promise<[number, number[] | undefined]>;
  disposeSequence(lane: number): void;
  removeTokenCellsFromSequence(lane: number, from: number, to: number): boolean;
  saveSequenceStateToFile(path: string, lane: number, tokens: Uint32Array): Promise<number>;
  loadSequenceStateFromFile(path: string, lane: number, mostTokens: number): Promise<Uint32Array>;
}

export const contextParts: readonly (keyof NativeContext)[] = [
  "initBatch",
  "addToBatch",
  "decodeBatch",
  "setThreads",
  "sampleToken",
  "disposeSequence",
  "removeTokenCellsFromSequence",
  "saveSequenceStateToFile",
  "loadSequenceStateFromFile",
];

export interface Bindings {
  AddonSampler: new (model: unknown) => NativeSampler;
  AddonGrammar: new (text: string, options: { addonExports: unknown; rootRuleName: string }) => object;
  AddonGrammarEvaluationState: new (model: unknown, grammar: unknown) => object;
  AddonJinjaRenderer: new (template: string) => { render(values: Record<string, unknown>): string };
}

export const bindingsParts: readonly (keyof Bindings)[] = [
  "AddonSampler",
  "AddonGrammar",
  "AddonGrammarEvaluationState",
  "AddonJinjaRenderer",
];

const readTokens = 512;
/** Lifts a token into the likeliest ones so that its probability can be read; large against any gap of logits. */
const lift = 48;

/** Lanes, batches and distributions, straight on llama.cpp's context. */
export function createBackend(
  native: NativeContext,
  bindings: Bindings,
  nativeModel: unknown,
  lanes: number,
  contextTokens: number,
  close: () => Promise<void>,
): Backend {
  const idleReaders: NativeSampler[] = [];
  const settler = new bindings.AddonSampler(nativeModel);
  settler.applyConfig({ temperature: 0 });

  async function readProbabilities(row: Row, lifted?: number): Promise<number[]> {
    const reader = idleReaders.pop() ?? new bindings.AddonSampler(nativeModel);
    reader.applyConfig({
      temperature: 1,
      topK: readTokens,
      seed: 1,
      ...(lifted === undefined
        ? {}
        : { tokenBiasKeys: Uint32Array.of(lifted), tokenBiasValues: Float32Array.of(lift) }),
    });
    const [, pairs] = await native.sampleToken(row, reader, true);
    idleReaders.push(reader);
    if (!pairs) throw new Error("the model gave no probabilities");
    return pairs;
  }

  return {
    lanes,
    contextTokens,
    async decode(parts: readonly BatchPart[]) {
      native.initBatch(parts.reduce((sum, part) => sum + part.tokens.length, 0));
      const rows = parts.map((part) =>
        Array.from(
          native.addToBatch(part.lane, part.position, Uint32Array.from(part.tokens), Uint32Array.from(part.wanted)),
        ),
      );
      await native.decodeBatch();
      // The first look at a result puts all results in the batch's order, in place and without a lock: one look, alone,
      // before many look at once. (Without it rows were now and then exchanged.)
      const first = rows.find((row) => row.length > 0)?.[0];
      if (first !== undefined) await native.sampleToken(first, settler);
      return rows;
    },
    setThreads: (threads) => native.setThreads(threads),
    createSampler: (settings) => createSampler(native, bindings, nativeModel, settings),
    async likeliest(row, asked): Promise<Likeliest> {
      const pairs = await readProbabilities(row);
      const tokens: number[] = [];
      const logprobs: number[] = [];
      for (let index = 1; index < pairs.length; index += 2) {
        tokens.push(pairs[index - 1] ?? 0);
        logprobs.push(Math.log(Math.max(pairs[index] ?? 0, 1e-38)));
      }
      if (asked === undefined) return { tokens, logprobs, asked: null };
      const place = tokens.indexOf(asked);
      if (place >= 0) return { tokens, logprobs, asked: logprobs[place] ?? null };
      return { tokens, logprobs, asked: unlift(await readProbabilities(row, asked), asked, tokens, logprobs) };
    },
    save: (lane, path) => native.saveSequenceStateToFile(path, lane, new Uint32Array()),
    async load(lane, path) {
      await native.loadSequenceStateFromFile(path, lane, 1);
    },
    truncate(lane, length) {
      if (length > 0 && native.removeTokenCellsFromSequence(lane, length, -1)) return;
      native.disposeSequence(lane);
      if (length > 0) throw new Error(`the model's state cannot be cut at ${length}`);
    },
    async close() {
      for (const reader of [settler, ...idleReaders.splice(0)]) reader.dispose();
      await close();
    },
  };
}

/** Whether beginnings of a state can be taken over. Asked of an idle backend. */
export async function canBeCut(backend: Backend): Promise<boolean> {
  await backend.decode([{ lane: 0, position: 0, tokens: [0, 0, 0, 0], wanted: [] }]);
  try {
    backend.truncate(0, 2);
    return true;
  } catch {
    return false;
  } finally {
    backend.truncate(0, 0);
  }
}

/** p(asked) relative to p(best) survives the lift: log p(asked) = log p(best) + (lifted gap) - lift. */
function unlift(
  pairs: readonly number[],
  asked: number,
  tokens: readonly number[],
  logprobs: readonly number[],
): number {
  const lifted = new Map<number, number>();
  for (let index = 1; index < pairs.length; index += 2) lifted.set(pairs[index - 1] ?? -1, pairs[index] ?? 0);
  const best = tokens[0] ?? -1;
  const gap = Math.log(Math.max(lifted.get(asked) ?? 0, 1e-38)) - Math.log(Math.max(lifted.get(best) ?? 0, 1e-38));
  return (logprobs[0] ?? 0) + gap - lift;
}

function createSampler(
  native: NativeContext,
  bindings: Bindings,
  nativeModel: unknown,
  settings: SamplerSettings,
): Sampler {
  const sampler = new bindings.AddonSampler(nativeModel);
  sampler.applyConfig({
    temperature: settings.temperature,
    topP: settings.topP,
    minP: settings.minP,
    seed: settings.seed,
    ...(settings.topK > 0 ? { topK: settings.topK } : {}),
    ...(settings.grammar
      ? { grammarEvaluationState: new bindings.AddonGrammarEvaluationState(nativeModel, settings.grammar.grammar) }
      : {}),
  });
  return {
    async sample(row) {
      const token = await native.sampleToken(row, sampler);
      if (token < 0) throw new Error("no token fits the grammar");
      return token;
    },
    dispose: () => sampler.dispose(),
  };
}
