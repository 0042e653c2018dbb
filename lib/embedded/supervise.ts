import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { identify, type ProcessIdentity } from "./process.ts";

export type Running = { child: ChildProcess; port: number; stop(): Promise<void> };
export type Service = {
  name: string;
  /** Starts it and waits until it answers. A restart gets the port of the first start: others hold that address. */
  start(port?: number): Promise<Running>;
};
export type ChildRecord = ProcessIdentity & { name: string; port: number };
export type Supervisor = {
  /** Starts a service and keeps it running from then on; rejects once `stop` was called. @returns the port it listens on. */
  add(service: Service): Promise<number>;
  /** Stops every service, the last started first, and starts none again. */
  stop(): Promise<void>;
};

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** A service that lived this long (ms) was well; its next death counts as the first. */
const WELL = 60_000;

type Kept = { service: Service; running: Running | undefined; port: number; deaths: number };

function deathOf(child: ChildProcess): string {
  return child.signalCode ? `killed by ${child.signalCode}` : `exit code ${child.exitCode}`;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Keeps services running: one that dies is started again after a wait that doubles with each death in a row.
 * @param say tells a person, in one line.
 * @param record is called with all living children whenever one of them changed.
 */
export function supervise(say: (line: string) => void, record: (children: ChildRecord[]) => void): Supervisor {
  const services: Kept[] = [];
  const closing = new AbortController();
  const pending = new Set<Promise<void>>();

  function living(): ChildRecord[] {
    return services.flatMap(({ service, running, port }) => {
      const identity = running?.child.pid === undefined ? undefined : identify(running.child.pid);
      return identity ? [{ name: service.name, port, ...identity }] : [];
    });
  }

  /** A full disk must stop nothing that runs: the record is only for a start after a kill. */
  function publish(): void {
    try {
      record(living());
    } catch (error) {
      say(`What is running could not be written down (${wordsOf(error)}). It goes on all the same.`);
    }
  }

  async function start(kept: Kept): Promise<void> {
    kept.running = await kept.service.start(kept.port || undefined);
    kept.port = kept.running.port;
    const since = performance.now();
    const { child } = kept.running;
    const died = () => {
      kept.running = undefined;
      if (closing.signal.aborted) return;
      if (performance.now() - since > WELL) kept.deaths = 0;
      const work = revive(kept, deathOf(child)).finally(() => pending.delete(work));
      pending.add(work);
    };
    if (hasEnded(child)) died();
    else child.once("exit", died);
    publish();
  }

  async function revive(kept: Kept, death: string): Promise<void> {
    let reason = death;
    while (!closing.signal.aborted) {
      const wait = Math.min(FIRST_WAIT * 2 ** kept.deaths, LONGEST_WAIT);
      kept.deaths += 1;
      say(`${kept.service.name} stopped (${reason}); starting it again in ${wait / 1000} s.`);
      publish();
      await delay(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return;
      try {
        await start(kept);
        say(`${kept.service.name} is back.`);
        return;
      } catch (error) {
        reason = wordsOf(error);
      }
    }
  }

  return {
    add: async (service) => {
      if (closing.signal.aborted) throw new Error(`${service.name} is not started: everything is being stopped.`);
      const kept: Kept = { service, running: undefined, port: 0, deaths: 0 };
      services.push(kept);
      const started = start(kept);
      // Known to stop(), so that one who stops us now waits for it instead of leaving it behind.
      const settled = started.then(
        () => undefined,
        () => undefined,
      );
      pending.add(settled);
      void settled.then(() => pending.delete(settled));
      await started;
      return kept.port;
    },
    stop: async () => {
      closing.abort();
      await Promise.all(pending);
      for (const kept of services.toReversed()) await kept.running?.stop();
      publish();
    },
  };
}
