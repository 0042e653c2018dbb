import type { Kind } from "../shared/kinds.ts";

/**
 * What the engine needs from outside: language models, a clock. Worlds (exact, in code), the scripted endpoint and
 * real models are only different implementations of this file.
 *
 * Rules for every implementation:
 * - A call settles soon after `signal` aborts (by rejecting); an answer that comes later is ignored by the engine.
 * - A call rejects when it has failed for good (retries are the implementation's business). The engine then goes on
 *   without it: a draft less, a dropped block, no table. Rejecting with a `PortFailure` lets its cost be counted.
 * - The same input with the same `seed` should give the same answer as far as the model allows.
 * - A result may be given as a plain value where no waiting is needed (exact worlds do).
 */

/** One message of the conversation as both sides see it. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** The conversation so far (the paper's t^h), oldest first. Given to `deliberate` it ends with the user's last message. */
export type History = readonly Message[];

/** What one call used. Counts are whole numbers ≥ 0; `ms` is wall time. Parallel calls sum, so `ms` is work, not waiting. */
export interface Cost {
  readonly calls: {
    /** Calls that write text a person or a simulated person could read. */
    readonly generating: number;
    /** Calls that only yield numbers: next-token probabilities, a one-token score, a prefill. */
    readonly scoring: number;
  };
  readonly tokensIn: number;
  /** Part of `tokensIn` that the server read from its prefix cache. */
  readonly tokensCached: number;
  readonly tokensOut: number;
  readonly ms: number;
}

/** What every port answer says beside its content. */
export interface Paid {
  readonly cost: Cost;
  /** Version of the prompt file that made the call, where one did. */
  readonly promptVersion?: string;
  /** The model's id as the endpoint names it. */
  readonly model?: string;
}

/** A port that failed for good. `cost` is what the attempts used, so that failing is not free in the record. */
export class PortFailure extends Error {
  override readonly name = "PortFailure";
  readonly cost: Cost | undefined;
  constructor(message: string, cost?: Cost, options?: { cause?: unknown }) {
    super(message, options);
    this.cost = cost;
  }
}

/** What every call is given. */
export interface Call {
  /** Unsigned 32-bit. Differs between calls of a turn; equal in a replay of the turn. */
  readonly seed: number;
  /** Aborted when the result is no longer wanted. */
  readonly signal: AbortSignal;
  /** `foreground`: a person waits for exactly this. `background`: imagined futures, audits. */
  readonly priority: "foreground" | "background";
  /** Most tokens worth writing; absent where the implementation's own limit holds. Shrinks when a block must fit a deadline. */
  readonly maxTokens?: number;
}

/** A text written by a model. */
export interface Reply extends Paid {
  readonly text: string;
  /** Length of `text` in tokens, > 0. */
  readonly tokens: number;
  /**
   * False where it is shorter than what a person would be sent: a token limit cut it, or it was kept short on purpose. The
   * engine then predicts its full length: of a draft from the running median of its kind, of an imagined reply from this
   * turn's direct one.
   */
  readonly finished: boolean;
}

/** A candidate m: one possible reply. `id` is unique in the turn (`answer`, `assume`, `ask`, `hybrid`; `ask1`, `ask2` in worlds). */
export interface Candidate {
  readonly id: string;
  readonly kind: Kind;
  readonly text: string;
  /** Length in tokens; the predicted full length where the draft was cut. */
  readonly tokens: number;
  readonly finished: boolean;
}

/** A conversation in which later messages were put to the request they add to. */
export interface Gathered extends Paid {
  /** Ends with a user message. */
  readonly history: History;
  /** How many messages were put to an earlier one; 0: `history` is the conversation as it stands. */
  readonly moved: number;
  /** The person's last message declined to answer a question: another one would be in vain. */
  readonly declined: boolean;
}

/** How likely it is that the request can be answered as it stands. */
export interface Clarity extends Paid {
  /** P(clear) in [0,1], calibrated as well as the endpoint allows. */
  readonly clear: number;
  readonly source: "scored" | "json" | "world";
}

/** One reading g of what the user wants. */
export interface Intent {
  /** Unique in the table, stable under permutation (a hash or an ordinal given before any sorting). */
  readonly id: string;
  /** The reading in words, as the simulated user is told it. The simulated assistant never sees it. */
  readonly text: string;
  /** A few words for a quick-reply chip; the text itself where absent. */
  readonly label?: string;
  /** Probability ≥ 0. Where `Table.raw`, the model's own number, to be tempered by the engine; else exact, used as given (normalised). */
  readonly weight: number;
}

/**
 * How a candidate treats one fact of an intent: `asked` (its question asks for it) · `right` (what it says or assumes fits) ·
 * `wrong` (it does not fit).
 */
export type Stance = "asked" | "right" | "wrong";

/** What the table says of one candidate under one intent. */
export interface TableCell {
  /**
   * Usefulness in [0,1]: expected success at the end of the conversation if this reply is given and this is what the
   * user wants. Null where the maker has no opinion (then it enters neither prior, gate nor control variate).
   */
  readonly usefulness: number | null;
  /**
   * Questions still needed before the goal can be met, this reply's own question included; ≥ 0, fractions allowed, more
   * than 8 count as 8. A maker without an opinion says 1 for ask and hybrid, 0 for answer and assume. A question that no
   * reading needs (weighted sum < 0.05) is dropped: the user has told it already.
   */
  readonly questions: number;
  /**
   * One entry per fact of the intent where the maker knows them (worlds do). Absent: one fact, `asked` for ask and
   * hybrid; for answer and assume `right` with probability `usefulness`, drawn once per block.
   */
  readonly stances?: readonly Stance[];
}

/** Readings × candidates. Two makers live in lib/models (`json`, `scored`), worlds have their own. */
export interface Table extends Paid {
  readonly source: "json" | "scored" | "world";
  /** True: weights are a model's raw numbers; the engine applies π ∝ p^0.7, the floor and "something else". False: exact. */
  readonly raw: boolean;
  /** Live makers give 1 to 5; worlds any number ≥ 1. */
  readonly intents: readonly Intent[];
  /** One row per draft it was given, by candidate id; `cells` follow the order of `intents`. A missing row means no opinion. */
  readonly rows: readonly { readonly candidate: string; readonly cells: readonly TableCell[] }[];
  /**
   * True: the cells say what a reply of this kind does on such a request, not what these very replies do (nobody read
   * them). The prior then takes their means but not their narrow τ: only futures can tell these replies apart.
   */
  readonly kindsOnly?: boolean;
  /** Mean over readings of how much less likely, per token, the drafted answer becomes when the reading is added (nats). */
  readonly sensitivity?: number;
}

/** A prior over the candidates' MR, learned from logged turns (the selector). Only differences between means matter. */
export interface Prior {
  /** Turns it was learned from; under 50 the engine does not use it. */
  readonly turns: number;
  /** By candidate id: mean MR and the s.d. of its error (> 0), in units of MR. A missing id gets the mean of the others and the widest s.d. */
  readonly candidates: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
  /** Correlation of the errors of two candidates' means, by `"a b"` (ids sorted, one space); 0 where absent. */
  readonly correlations?: Readonly<Record<string, number>>;
  /** Noise of one rollout where logs tell it better than the turn's default: s.d. by id, correlations as above. */
  readonly noise?: {
    readonly sd: Readonly<Record<string, number>>;
    readonly correlations?: Readonly<Record<string, number>>;
  };
}

/** What the simulated user does with one fact. */
export interface FactAct {
  /** Which fact of the intent, from 0. */
  readonly fact: number;
  /** `tells` the asked fact · `misleads`: names a wrong value · `refuses` to say · `corrects` a wrong assumption · `miscorrects`: noticed it, but names a wrong value. */
  readonly does: "tells" | "misleads" | "refuses" | "corrects" | "miscorrects";
  /** Uniform in [0,1): which wrong value, for `misleads` and `miscorrects`. */
  readonly pick: number;
}

/**
 * What the simulated user does, drawn in code by the engine's state machine. `accept` (content, or has not noticed) and
 * `quit` end the rollout and are never phrased.
 */
export type Act =
  | { readonly type: "accept" }
  | { readonly type: "quit" }
  | {
      readonly type: "reply";
      readonly facts: readonly FactAct[];
      /** The user may add one thing nobody asked for. */
      readonly volunteers: boolean;
    };

/** Monotonic time. */
export interface Clock {
  /** Milliseconds since any fixed moment. The engine tolerates jumps: a step back counts as no time. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

type Answer<T> = Promise<T> | T;

/** The language models of one turn. */
export interface Ports {
  readonly clock: Clock;

  /**
   * The direct reply (kind `answer`). `onText` is called with each piece as it comes; the pieces joined are `Reply.text`.
   * Shares one byte-identical prefix (system text and history) with `draft`.
   */
  answer(input: { readonly history: History; readonly onText: (piece: string) => void } & Call): Answer<Reply>;

  /**
   * The conversation as it should be read: what the person told later stands with the request that it adds to. Null where
   * nothing is gathered. Absent: conversations are read as they stand. Whatever is asked of a model afterwards is asked
   * about the gathered history, imagined futures included; only what was asked before is looked up in the plain one.
   */
  gather?(input: { readonly history: History } & Call): Answer<Gathered | null>;

  /** P(clear), or null when this endpoint cannot tell. Runs beside `answer`. */
  clarity(input: { readonly history: History } & Call): Answer<Clarity | null>;

  /** One more candidate. `index` counts drafts of the same kind from 1. */
  draft(
    input: {
      readonly history: History;
      readonly id: string;
      readonly kind: Exclude<Kind, "answer">;
      readonly index: number;
    } & Call,
  ): Answer<Reply>;

  /**
   * Readings, weights, usefulness. Called when drafting begins: intents may be read while drafts are being written;
   * `drafts` resolves (never rejects) to the candidates that came to be, `answer` among them.
   */
  table(input: { readonly history: History; readonly drafts: Promise<readonly Candidate[]> } & Call): Answer<Table>;

  /**
   * The learned prior, or null while there is none. Asked twice: with `table` null before drafting (its expected regret
   * of `answer` then decides, with the clarity check among its features, whether the request is clear), and again with
   * the table. Plain arithmetic: no model call.
   */
  selector(input: {
    readonly history: History;
    readonly clarity: Clarity | null;
    readonly candidates: readonly { readonly id: string; readonly kind: Kind; readonly tokens: number | null }[];
    readonly table: Table | null;
  }): Prior | null;

  /** Words for an act (≤ 48 tokens; 24 on small models). `history` ends with the assistant's message the user reacts to. */
  user(
    input: {
      readonly history: History;
      readonly intent: Intent;
      readonly act: Extract<Act, { type: "reply" }>;
    } & Call,
  ): Answer<Reply>;

  /**
   * The assistant's next message in an imagined future (short). It never sees the intent. `asks`: the message is again a
   * question that it waits on.
   */
  assistant(input: { readonly history: History } & Call): Answer<Reply & { readonly asks: boolean }>;

  /**
   * The score of one finished future, pointwise, once. `history` is the whole imagined conversation; the reply that has
   * to meet the intent is its last assistant message. `acts` are what the user did, so that a question that changed
   * nothing earns no interactivity.
   */
  judge(
    input: {
      readonly history: History;
      readonly intent: Intent;
      readonly candidate: Candidate;
      readonly acts: readonly Act[];
      /** `graded`: probability of success. `binary`: one 0/1 verdict, as the paper's reference scheme has it. */
      readonly outcome: "graded" | "binary";
    } & Call,
  ): Answer<Score>;
}

/** R_ext and R_LLM of one future. Values that are not finite fail the cell. */
export interface Score extends Paid {
  /** Success in [0,1] (worlds add noise and may leave the range a little). */
  readonly success: number;
  /** R_LLM in [0,1], or null where not asked for. */
  readonly interactivity: number | null;
}
