import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createHttpServer } from "../http.ts";
import type { Job } from "../job.ts";
import type { LoadedModel } from "../llama.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Engine } from "./engine.ts";

/** Every byte is a token. */
export const bytewise: Vocabulary = {
  size: 256,
  longestToken: 1,
  tokenize: (text) => [...new TextEncoder().encode(text)],
  begin: (tokens) => [...tokens],
  bytes: (token) => Uint8Array.of(token),
  isEnd: () => false,
  holdsControl: () => false,
};

export interface FakeServer {
  readonly url: string;
  /** Everything that was submitted. */
  readonly jobs: Job[];
  close(): void;
}

/** The protocol over HTTP without a model: each text goes on with `answer`, and each token has the same score. */
export async function startFakeServer(
  options: {
    readonly answer?: string;
    readonly vocabulary?: Partial<Vocabulary>;
    readonly model?: Partial<LoadedModel>;
  } = {},
): Promise<FakeServer> {
  const vocabulary = { ...bytewise, ...options.vocabulary };
  const jobs: Job[] = [];
  const score = (token: number) => ({ token, logprob: -1, alternatives: [{ token, logprob: -1 }] });
  const serve = ({ prompt, scored, mostTokens, alternatives, listener }: Job): void => {
    listener.started(0);
    const first = prompt.length - scored;
    if (scored > 0) listener.scores(prompt.slice(first).map((token, at) => (first + at > 0 ? score(token) : null)));
    for (const token of vocabulary.tokenize(options.answer ?? "", false).slice(0, mostTokens))
      if (!listener.token(token, alternatives === null ? null : score(token))) break;
    listener.ended("stop");
  };
  const engine = {
    modelId: "fake",
    model: { vocabulary, compileGrammar: () => ({ grammar: null }), ...options.model },
    scheduler: {
      submit(added: readonly Job[]) {
        jobs.push(...added);
        setImmediate(() => added.forEach(serve));
      },
    },
    contextTokens: 1_000,
    slots: 1,
    mostQueued: 256,
  } as unknown as Engine;
  const server = createHttpServer(engine, null).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    jobs,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
