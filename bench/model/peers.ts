import { availableParallelism } from "node:os";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

/** What others would do: node-llama-cpp through its public interface, with nothing of ours. */
export interface Peer {
  /** (a) One request at a time, each with a cold prefix. Milliseconds of each. */
  oneByOne(prompts: readonly string[], tokens: number): Promise<number[]>;
  /** (b) All at once, batched as the library batches. Milliseconds of all. */
  asItComes(prompts: readonly string[], tokens: number): Promise<number>;
  /** (a) for scoring: the whole text is read, and the distribution after each of the last tokens. */
  scoreOneByOne(texts: readonly string[], last: number): Promise<number[]>;
  close(): Promise<void>;
}

export async function openPeer(modelPath: string): Promise<Peer> {
  const threads = availableParallelism();
  // The library's default thread count is 40 times too slow on two cores; that would be too easy a peer.
  const llama = await getLlama({ build: "never", gpu: false, maxThreads: threads, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath });
  const open = (sequences: number) =>
    model.createContext({
      sequences,
      contextSize: 1_024,
      threads,
      flashAttention: true,
      ignoreMemorySafetyChecks: true,
    });
  const single = await open(1);
  const lone = single.getSequence();

  async function generate(sequence: typeof lone, prompt: string, tokens: number): Promise<void> {
    let count = 0;
    for await (const _ of sequence.evaluate(model.tokenize(prompt), { temperature: 0, yieldEogToken: true }))
      if (++count >= tokens) break;
  }

  async function timed(work: () => Promise<unknown>): Promise<number> {
    const began = performance.now();
    await work();
    return performance.now() - began;
  }

  return {
    async oneByOne(prompts, tokens) {
      const times: number[] = [];
      for (const prompt of prompts) {
        await lone.clearHistory();
        times.push(await timed(() => generate(lone, prompt, tokens)));
      }
      return times;
    },
    async asItComes(prompts, tokens) {
      const context = await open(prompts.length);
      const sequences = prompts.map(() => context.getSequence());
      const ms = await timed(() =>
        Promise.all(prompts.map((prompt, index) => generate(sequences[index] ?? lone, prompt, tokens))),
      );
      await context.dispose();
      return ms;
    },
    async scoreOneByOne(texts, last) {
      const times: number[] = [];
      for (const text of texts) {
        await lone.clearHistory();
        const tokens = model.tokenize(text);
        times.push(
          await timed(() =>
            lone.controlledEvaluate(
              tokens.map((token, index) =>
                index >= tokens.length - 1 - last && index < tokens.length - 1
                  ? [token, { generateNext: { confidence: true } }]
                  : token,
              ),
            ),
          ),
        );
      }
      return times;
    },
    close: () => llama.dispose(),
  };
}
