import { request } from "node:http";

/** A plain HTTP client: what is measured is the server, so nothing clever stands between. */
export interface Timed {
  readonly milliseconds: number;
  /** To the first piece of text; of a whole answer, to its end. */
  readonly firstMs: number;
  readonly tokens: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly text: string;
}

interface Reply {
  readonly choices: readonly { readonly text: string }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
  };
}

/** Posts to /v1/completions and reads the answer to its end, streamed or whole. */
export function complete(
  url: string,
  body: Record<string, unknown>,
  options: { readonly background?: boolean; readonly signal?: AbortSignal } = {},
): Promise<Timed> {
  const began = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Timed>();
  const headers = options.background ? { "x-parley-priority": "background" } : {};
  const outgoing = request(
    `${url}/v1/completions`,
    { method: "POST", headers, ...(options.signal ? { signal: options.signal } : {}) },
    (answer) => {
      let firstMs = 0;
      let held = "";
      let text = "";
      let usage: Reply["usage"];
      const take = (reply: Reply): void => {
        text += reply.choices[0]?.text ?? "";
        usage = reply.usage ?? usage;
      };
      answer.setEncoding("utf8");
      answer.on("data", (data: string) => {
        held += data;
        if (!body.stream) return;
        const events = held.split("\n\n");
        held = events.pop() ?? "";
        for (const event of events) {
          const json = event.slice("data: ".length);
          if (json === "[DONE]") continue;
          if (firstMs === 0) firstMs = performance.now() - began;
          take(JSON.parse(json));
        }
      });
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode !== 200) return reject(new Error(`${answer.statusCode}: ${held.slice(0, 300)}`));
        if (!body.stream) take(JSON.parse(held));
        const milliseconds = performance.now() - began;
        resolve({
          milliseconds,
          firstMs: firstMs || milliseconds,
          tokens: usage?.completion_tokens ?? 0,
          promptTokens: usage?.prompt_tokens ?? 0,
          cachedTokens: usage?.prompt_tokens_details.cached_tokens ?? 0,
          text,
        });
      });
    },
  );
  outgoing.on("error", reject);
  outgoing.end(JSON.stringify(body));
  return promise;
}

export const together = async <T>(
  count: number,
  work: (index: number) => Promise<T>,
): Promise<{ ms: number; all: T[] }> => {
  const began = performance.now();
  const all = await Promise.all(Array.from({ length: count }, (_, index) => work(index)));
  return { ms: performance.now() - began, all };
};
