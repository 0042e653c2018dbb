import type { CandidatePart, Cell, DecisionPart, Readings, Stage } from "../shared/events.ts";
import type { Asking, Kind } from "../shared/kinds.ts";
import type { Decision } from "../shared/record.ts";
import type { Policy } from "./policy.ts";
import type { History } from "./ports.ts";
import type { UserRates } from "./user.ts";

/** Measured speeds of the endpoint, milliseconds of one call alone. */
export interface Speeds {
  /** L: running median time of one full direct reply; the engine never takes it under 2,000. */
  readonly reply: number;
  readonly user: number;
  readonly assistant: number;
  readonly judge: number;
  /** What a future takes longer for each token of its candidate, which it reads several times; 0 on a cluster. */
  readonly reading: number;
  /** Calls the server works on at once, ≥ 1. */
  readonly slots: number;
  /** How many times longer a call takes when all slots are busy, ≥ 1 (a cluster 1, the embedded model 4.7 at six). */
  readonly crowding: number;
}

/** Belief about one rollout's noise, from logs: s.d. of MR and correlation within a block. */
export interface LoggedNoise {
  readonly sd: number;
  readonly correlation: number;
}

export const firstNoise: LoggedNoise = { sd: 0.38, correlation: 0.45 };

/** Everything about one turn that is not a language model. */
export interface Turn {
  readonly history: History;
  /** Unsigned 32-bit; with the ports' answers it determines the turn. */
  readonly seed: number;
  readonly policy: Policy;
  /** How readily it asks, a person's setting (see `askingShift`). */
  readonly asking: Asking;
  /** Questions the conversation may still put, ≥ 0. */
  readonly questionBudget: number;
  /** Shrunken slope of rollout means on table rows over logged turns, in [0,1] (`trustFrom`); 1 while nothing is logged. */
  readonly trust: number;
  /** Turns rolled out and logged so far. While they are few, half of the gated turns are audited instead of 5 %. */
  readonly logged?: number;
  readonly rates: UserRates;
  /** Mean R_LLM per kind from logs; 0 in worlds. */
  readonly kindMeans: Readonly<Record<Kind, number>>;
  /** Running median length in tokens per kind, for replies that were cut; null while unknown. */
  readonly lengths: Readonly<Record<Kind, number | null>>;
  readonly noise: LoggedNoise;
  readonly speeds: Speeds;
  /** `audit`: roll a gated turn out in the background; no gate, no text. */
  readonly mode: "live" | "audit";
  /** Aborts when the person stops the turn. */
  readonly stop: AbortSignal;
  /** Aborts when the person wants the answer now. */
  readonly answerNow: AbortSignal;
  /** Names of the models behind the ports, for the record. */
  readonly models: { readonly assistant: string; readonly simulator: string; readonly judge: string };
}

/**
 * What a person's setting does: added to the MR of every candidate that asks (prior and rollouts alike), and to the
 * P(clear) from which a request is answered at once. `never` drafts no question at all. Small on purpose: a bonus of
 * .15 would put a question to 91 % of clear requests.
 */
export const askingShift: Readonly<Record<Asking, { readonly reward: number; readonly clear: number }>> = {
  never: { reward: 0, clear: 0 },
  rarely: { reward: -0.05, clear: -0.2 },
  balanced: { reward: 0, clear: 0 },
  often: { reward: 0.03, clear: 0.15 },
};

/** What a turn says while it runs. The journal turns each into a part of the stream. */
export type TurnEvent =
  | { readonly type: "stage"; readonly stage: Stage }
  | { readonly type: "readings"; readonly readings: Readings }
  | { readonly type: "candidate"; readonly candidate: CandidatePart }
  | { readonly type: "cell"; readonly cell: Cell }
  /** A piece of the released reply; pieces joined are the message. Nothing unreleased is ever in one. */
  | { readonly type: "text"; readonly piece: string }
  | { readonly type: "decision"; readonly decision: DecisionPart; readonly record: Decision };

/** The person stopped the turn. `shown`: some text had been released (and is kept). */
export class TurnStopped extends Error {
  override readonly name = "TurnStopped";
  readonly shown: boolean;
  readonly cost: Decision["cost"];
  constructor(shown: boolean, cost: Decision["cost"]) {
    super("the turn was stopped");
    this.shown = shown;
    this.cost = cost;
  }
}

/** No candidate came to be, or the reply broke off while it was streaming (`shown`). */
export class TurnFailed extends Error {
  override readonly name = "TurnFailed";
  readonly shown: boolean;
  readonly cost: Decision["cost"];
  constructor(shown: boolean, cost: Decision["cost"], cause: unknown) {
    super(shown ? "the reply broke off" : "the model gave no reply", { cause });
    this.shown = shown;
    this.cost = cost;
  }
}
