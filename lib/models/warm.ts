import type { Ports } from "../engine/ports.ts";

/** Reading only: one token proves that the prompt was read. */
const oneToken = { seed: 0, priority: "background", maxTokens: 1 } as const;
const history = [{ role: "user", text: "Hello." }] as const;

/**
 * Lets the endpoint read the prompts that every turn begins with (system text, few-shot examples) before a person waits
 * for them: a slow machine reads about 100 tokens a second, so the first turn would otherwise spend its first seconds
 * on text that never changes. Pays only where the endpoint keeps prefixes. Never rejects: a turn works without it.
 */
export async function warm(ports: Pick<Ports, "clarity" | "draft">, signal: AbortSignal): Promise<void> {
  const call = { ...oneToken, history, signal };
  const reads: (() => Promise<unknown>)[] = [
    // The check first: it is what the first word of a reply waits for.
    async () => ports.clarity(call),
    // The assistant's prefix by way of a draft: a direct answer would be timed, and a single token is no reply's length.
    async () => ports.draft({ ...call, id: "assume", kind: "assume", index: 1 }),
    async () => ports.draft({ ...call, id: "ask", kind: "ask", index: 1 }),
  ];
  for (const read of reads) {
    if (signal.aborted) return;
    // A refusal here says nothing that the first turn would not say itself, with somebody there to read it.
    await read().catch(() => undefined);
  }
}
