import { v7 } from "uuid";
import { vi } from "vitest";
import type { TurnEvent } from "../engine/index.ts";
import { TurnStopped } from "../engine/index.ts";
import { decisionPartOf } from "../shared/decision-part.ts";
import type { Decision } from "../shared/record.ts";
import { Refusal } from "../shared/refusal.ts";
import { sampleDecision } from "../shared/sample-decision.ts";
import { database } from "../store/client.ts";
import { readRun } from "../store/runs.ts";
import type { Chunk } from "./chunk.ts";
import type { Deliberation, TurnDependencies } from "./deliberator.ts";
import { startTurn } from "./start.ts";
import { type Told, tail } from "./tail.ts";

/** One turn that a test plays the engine of. */
export type Played = {
  asked: Deliberation;
  say(...events: TurnEvent[]): void;
  text(...pieces: string[]): void;
  /** Decides, and ends as the engine does. */
  decide(record?: Decision): void;
  fail(error: Error): void;
};

/** One call, as the models report it. */
export const usageRow = {
  model: "double",
  purpose: "answer",
  work: "generating",
  promptVersion: "assistant/1",
  seed: 2_147_483_647,
  tokensIn: 20,
  tokensCached: 4,
  tokensOut: 7,
  estimated: false,
  ms: 12.5,
  firstTokenMs: null,
  waitedMs: 0,
  attempt: 1,
  outcome: "ok",
};

export const noCost = { generating: 0, scoring: 0, tokensIn: 0, tokensCached: 0, tokensOut: 0 };

/** Dependencies whose engine says what the test wants said. `next()` waits for the next turn to be begun. */
export function playedTurns() {
  const begun: Played[] = [];
  const waiting: ((played: Played) => void)[] = [];
  const deps: TurnDependencies = {
    check: () => undefined,
    log: { info: () => undefined, error: () => undefined },
    deliberate: (asked) => {
      const { events, played } = play(asked);
      const taker = waiting.shift();
      if (taker) taker(played);
      else begun.push(played);
      return events;
    },
  };
  const next = (): Promise<Played> => {
    const played = begun.shift();
    return played ? Promise.resolve(played) : new Promise((resolve) => waiting.push(resolve));
  };
  return { deps, next };
}

type Step = TurnEvent | Error | "end";

function play(asked: Deliberation) {
  const steps: Step[] = [];
  let wake: () => void = () => undefined;
  const push = (...added: Step[]) => {
    steps.push(...added);
    wake();
  };
  asked.stop.addEventListener("abort", () => push(new TurnStopped(false, noCost)), { once: true });
  async function* events(): AsyncGenerator<TurnEvent> {
    for (;;) {
      const step = steps.shift();
      if (step === "end") return;
      if (step instanceof Error) throw step;
      if (step) yield step;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  const played: Played = {
    asked,
    say: (...said) => push(...said),
    text: (...pieces) => push(...pieces.map((piece) => ({ type: "text", piece }) as const)),
    decide: (record = sampleDecision()) => push({ type: "decision", decision: decisionPartOf(record), record }, "end"),
    fail: (error) => push(error),
  };
  return { events: events(), played };
}

/** Reads a run's stream to its end, or until `enough` says so. */
export async function read(
  runId: string,
  after = 0,
  enough: (told: Told[]) => boolean = () => false,
): Promise<{ told: Told[]; chunks: Chunk[] }> {
  const leaving = new AbortController();
  const told: Told[] = [];
  for await (const next of tail(runId, after, leaving.signal)) {
    told.push(next);
    if (enough(told)) break;
  }
  leaving.abort();
  return { told, chunks: told.map((one) => one.chunk) };
}

export const textOf = (chunks: readonly Chunk[]): string =>
  chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");

/** Somebody nobody has seen before. */
export const newAsker = () => ({ viewerId: v7(), defaultPreset: "balanced" as const });

/** Does `work` right before or right after the next row of that table is looked up: what happens between two reads. */
export function atNextRead(
  model: "run" | "conversation",
  when: "before" | "after",
  work: () => Promise<unknown>,
): void {
  const table: { findFirst(query: unknown): unknown } = database()[model] as never;
  const findFirst = table.findFirst.bind(table);
  vi.spyOn(table, "findFirst").mockImplementationOnce(async (query) => {
    if (when === "before") await work();
    const row = await findFirst(query);
    if (when === "after") await work();
    return row;
  });
}

/** Starts a conversation; `played` is its first turn, for the test to play. */
export async function begin(text = "Write an email to my landlord") {
  const asker = newAsker();
  const { deps, next } = playedTurns();
  const id = v7();
  const { runId } = await startTurn(deps, asker, { id, text });
  const run = await readRun(runId);
  if (!run) throw new Error("no run");
  return { asker, deps, next, runId, run, userMessageId: id, played: await next() };
}

/** The refusal that `work` ends in. */
export const refusal = async (work: Promise<unknown>): Promise<Refusal> => {
  const error = await work.then(() => null).catch((thrown: unknown) => thrown);
  if (error instanceof Refusal) return error;
  throw new Error(`Not refused: ${error}`);
};
