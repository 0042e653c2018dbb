import type { History, TurnEvent } from "../engine/index.ts";
import type { Asking, Preset } from "../shared/kinds.ts";
import type { UsageRow } from "../store/usage.ts";

/** One turn to be thought through. */
export type Deliberation = {
  /** audit: a turn that the gate released is rolled out afterwards, in the background, for nobody to read. */
  mode: "live" | "audit";
  history: History;
  preset: Preset;
  asking: Asking;
  /** Unsigned 32-bit. */
  seed: number;
  /** The person's own words to the assistant, "" for none. */
  systemPrompt: string;
  questionBudget: number;
  stop: AbortSignal;
  answerNow: AbortSignal;
  /** Hears of every model call. */
  onCall: (row: UsageRow) => void;
};

/** What the use cases need from outside; lib/server/wire.ts gives it, tests give their own. */
export type TurnDependencies = {
  /** The engine over the configured models. Throws as a turn fails: an error with one of failure.ts' words in its chain. */
  deliberate(turn: Deliberation): AsyncIterable<TurnEvent>;
  /** Throws a Refusal where the newest message alone can never fit the model; says nothing while no model is known. */
  check(history: History): void;
  log: {
    info(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
};
