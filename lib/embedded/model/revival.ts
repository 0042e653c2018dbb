import type { Backend } from "./backend.ts";
import { Stuck, watched } from "./watchdog.ts";

/** A model that can be given up and started anew. */
export interface Revivable {
  /** That of the present life. */
  readonly backend: Backend;
  /** Ends this life: nothing that was asked of its backend is answered any more. */
  end(): void;
  /** Empties a model that failed and replaces one that got stuck, however often it takes; gives up once `closing`. */
  revive(error: unknown, closing: () => boolean, failed: (failure: unknown) => void): Promise<void>;
  close(): Promise<void>;
}

/** Where the model cannot be opened again it is tried anew after this time. */
const retryMs = 1_000;

export function createRevivable(first: Backend, reopen: () => Promise<Backend>, stuckMs: number): Revivable {
  /** null = stuck, and no other could be opened yet. */
  let opened: Backend | null = first;
  let life = beginLife(first);
  return {
    get backend() {
      return life.backend;
    },
    end: () => life.end(),
    async revive(error, closing, failed) {
      if (error instanceof Stuck) opened = null;
      while (!closing()) {
        try {
          if (opened) for (let lane = 0; lane < opened.lanes; lane++) opened.truncate(lane, 0);
          else opened = await watched(reopen(), stuckMs);
          life = beginLife(opened);
          return;
        } catch (failure) {
          opened = null;
          failed(failure);
          await new Promise((resolve) => setTimeout(resolve, retryMs));
        }
      }
    },
    async close() {
      await opened?.close();
    },
  };
}

interface Life {
  readonly backend: Backend;
  /** From now on nothing that was asked of it is ever answered: who hung in it and wakes up late goes no further. */
  end(): void;
}

function beginLife(backend: Backend): Life {
  let over = false;
  const alive = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      work.then(
        (value) => over || resolve(value),
        (error) => over || reject(error),
      );
    });
  return {
    backend: {
      lanes: backend.lanes,
      contextTokens: backend.contextTokens,
      decode: (parts) => alive(backend.decode(parts)),
      setThreads: (threads) => backend.setThreads(threads),
      createSampler(settings) {
        const sampler = backend.createSampler(settings);
        return { sample: (row) => alive(sampler.sample(row)), dispose: () => sampler.dispose() };
      },
      likeliest: (row, asked) => alive(backend.likeliest(row, asked)),
      save: (lane, path) => alive(backend.save(lane, path)),
      load: (lane, path) => alive(backend.load(lane, path)),
      truncate: (lane, length) => backend.truncate(lane, length),
      close: () => backend.close(),
    },
    end() {
      over = true;
    },
  };
}
