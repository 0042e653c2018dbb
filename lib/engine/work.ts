import type { Cost } from "../shared/record.ts";
import { type History, type Paid, PortFailure, type Ports } from "./ports.ts";
import { type Turn, type TurnEvent, TurnStopped } from "./turn.ts";

/** What a wait came to. `late`: the time ran out · `hurried`: the person wants the answer now. */
export type Outcome<T> =
  | { readonly state: "done"; readonly value: T }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "late" }
  | { readonly state: "hurried" };

/** The running account of one turn: time, money, what is still in flight. */
export interface Work {
  readonly turn: Turn;
  readonly ports: Ports;
  readonly emit: (event: TurnEvent) => void;
  /** The conversation as the models are to read it; the turn's own until something was gathered. */
  readonly history: () => History;
  /** @param declined the person has nothing to answer to a question with: no more of them this turn */
  readAs(history: History, declined: boolean): void;
  readonly declined: () => boolean;
  /** Milliseconds since the turn began. Never goes back: a clock that jumps back counts as no time. */
  now(): number;
  /** A controller that ends with the turn. */
  controller(): AbortController;
  /** Runs one port call and books its cost, a failure's cost too. Rejections are the caller's. */
  call<T extends Paid | null>(role: string, run: () => Promise<T> | T): Promise<T>;
  /** Waits for a call at most `limit` ms. Rejects with TurnStopped, and with nothing else. */
  wait<T>(pending: Promise<T>, limit: number, hurries: boolean): Promise<Outcome<T>>;
  readonly hurried: () => boolean;
  /** Rejects with TurnStopped when the person has stopped the turn. */
  check(): void;
  /** Says that text has been released. */
  markShown(): void;
  readonly shown: () => boolean;
  cost(): Cost;
  readonly promptVersions: Record<string, string>;
  readonly notes: string[];
  note(text: string): void;
  /** As if the person had stopped the turn: whoever read it has left for good. */
  abandon(): void;
  /** Aborts whatever is in flight and lets go of the turn's signals. */
  end(): void;
}

export function openWork(turn: Turn, ports: Ports, emit: (event: TurnEvent) => void): Work {
  const began = ports.clock.now();
  let latest = began;
  let shown = false;
  const live = new Set<AbortController>();
  const sum = { generating: 0, scoring: 0, tokensIn: 0, tokensCached: 0, tokensOut: 0 };
  const promptVersions: Record<string, string> = {};
  const notes: string[] = [];
  let history = turn.history;
  let declined = false;

  const abortAll = () => {
    for (const controller of live) controller.abort();
    live.clear();
  };
  const listeners = new AbortController();
  const on = (signal: AbortSignal, react: () => void) => {
    if (signal.aborted) react();
    else signal.addEventListener("abort", react, { once: true, signal: listeners.signal });
  };
  let isStopped = false;
  let stop: () => void = () => {};
  const stopped = new Promise<"stopped">((resolve) => {
    stop = () => {
      isStopped = true;
      abortAll();
      resolve("stopped");
    };
    on(turn.stop, stop);
  });
  const hurried = new Promise<{ state: "hurried" }>((resolve) => {
    on(turn.answerNow, () => resolve({ state: "hurried" }));
  });

  const work: Work = {
    turn,
    ports,
    emit,
    history: () => history,
    readAs(gathered, said) {
      history = gathered;
      declined = said;
    },
    declined: () => declined,
    now() {
      const now = ports.clock.now();
      if (now > latest) latest = now;
      return latest - began;
    },
    controller() {
      const controller = new AbortController();
      live.add(controller);
      if (isStopped) controller.abort();
      return controller;
    },
    async call(role, run) {
      try {
        const result = await run();
        if (result !== null) {
          book(result.cost);
          if (result.promptVersion !== undefined) promptVersions[role] = result.promptVersion;
        }
        return result;
      } catch (error) {
        if (error instanceof PortFailure && error.cost !== undefined) book(error.cost);
        throw error;
      }
    },
    async wait<T>(pending: Promise<T>, limit: number, hurries: boolean): Promise<Outcome<T>> {
      const settled: Promise<Outcome<T>> = pending.then(
        (value) => ({ state: "done", value }),
        (error: unknown) => ({ state: "failed", error }),
      );
      const timer = Number.isFinite(limit) ? new AbortController() : null;
      const late = timer ? ports.clock.sleep(Math.max(0, limit), timer.signal) : null;
      const racers: Promise<Outcome<T> | "stopped">[] = [stopped, settled];
      if (hurries) racers.push(hurried);
      if (late) racers.push(late.then(() => ({ state: "late" })));
      const outcome = await Promise.race(racers);
      timer?.abort();
      if (outcome === "stopped" || isStopped) throw new TurnStopped(shown, work.cost());
      return outcome;
    },
    hurried: () => turn.answerNow.aborted,
    check() {
      if (isStopped) throw new TurnStopped(shown, work.cost());
    },
    markShown() {
      shown = true;
    },
    shown: () => shown,
    cost: () => ({ ...sum }),
    promptVersions,
    notes,
    note(text) {
      if (!notes.includes(text)) notes.push(text);
    },
    abandon: () => stop(),
    end() {
      abortAll();
      listeners.abort();
    },
  };

  function book(cost: Paid["cost"]): void {
    sum.generating += cost.calls.generating;
    sum.scoring += cost.calls.scoring;
    sum.tokensIn += cost.tokensIn;
    sum.tokensCached += cost.tokensCached;
    sum.tokensOut += cost.tokensOut;
  }

  return work;
}
