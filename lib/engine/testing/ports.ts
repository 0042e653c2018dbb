import type { Kind } from "../../shared/kinds.ts";
import { balanced, type Policy } from "../policy.ts";
import type { Call, Candidate, Cost, Ports, Table } from "../ports.ts";
import { uniform } from "../rng.ts";
import { firstNoise, type Turn } from "../turn.ts";
import { liveRates } from "../user.ts";
import type { VirtualTime } from "./time.ts";

/** Milliseconds each port takes; Infinity never answers. */
export interface Delays {
  readonly answer: number;
  readonly clarity: number;
  readonly draft: number;
  readonly table: number;
  readonly user: number;
  readonly assistant: number;
  readonly judge: number;
}

export const usualDelays: Delays = {
  answer: 2000,
  clarity: 200,
  draft: 1500,
  table: 1000,
  user: 300,
  assistant: 1200,
  judge: 100,
};

export const one = (generating: number, scoring: number): Cost => ({
  calls: { generating, scoring },
  tokensIn: 10,
  tokensCached: 5,
  tokensOut: 5,
  ms: 1,
});

export interface Seen {
  readonly calls: Record<string, number>;
  readonly seeds: number[];
  live: number;
  most: number;
}

export interface PlayOptions {
  readonly delays?: Partial<Delays>;
  readonly clear?: number | null;
  /** Success a candidate shows, before noise. */
  readonly success?: (candidate: Candidate, k: number) => number;
  readonly table?: Partial<Table>;
  readonly overrides?: Partial<Ports>;
  /** Stands between the engine and the ports. */
  readonly watch?: (ports: Ports) => Ports;
  /** A port that does not react to its signal. */
  readonly deaf?: boolean;
}

const texts: Readonly<Record<Kind, string>> = {
  answer: "Dear landlord, the heating is broken. Please repair it soon.",
  assume: "Assuming that you rent a flat and write about noise: Dear Sir or Madam, the neighbours are loud at night.",
  ask: "What is the letter about?",
  hybrid: "Here is a frame to fill. Which matter shall it raise?",
};

/** Live-like ports on virtual time: every call takes its delay and costs something. */
export function playLive(time: VirtualTime, options: PlayOptions = {}): { ports: Ports; seen: Seen } {
  const delays = { ...usualDelays, ...options.delays };
  const seen: Seen = { calls: {}, seeds: [], live: 0, most: 0 };

  async function take<T>(role: keyof Delays, { seed, signal }: Call, give: () => T): Promise<T> {
    seen.calls[role] = (seen.calls[role] ?? 0) + 1;
    seen.seeds.push(seed);
    seen.live += 1;
    seen.most = Math.max(seen.most, seen.live);
    try {
      const never = new AbortController().signal;
      if (delays[role] === Number.POSITIVE_INFINITY)
        await new Promise<void>((resolve) => {
          if (!options.deaf) signal.addEventListener("abort", () => resolve());
        });
      else await time.clock.sleep(delays[role], options.deaf ? never : signal);
      if (signal.aborted && !options.deaf) throw new DOMException("aborted", "AbortError");
      return give();
    } finally {
      seen.live -= 1;
    }
  }
  const reply = (text: string, tokens = 50) => ({ text, tokens, finished: true, cost: one(1, 0) });
  const intents = ["The heating is broken", "The neighbours are loud", "The deposit is due"];
  const success = options.success ?? (() => 0.5);

  const ports: Ports = {
    clock: time.clock,
    async answer({ onText, ...call }) {
      const pieces = texts.answer.split(/(?<= )/);
      for (const piece of pieces) {
        await take("answer", { ...call, seed: call.seed }, () => {});
        onText(piece);
      }
      return reply(texts.answer);
    },
    clarity: (call) =>
      take("clarity", call, () =>
        options.clear === null ? null : { clear: options.clear ?? 0.2, source: "scored" as const, cost: one(0, 1) },
      ),
    draft: (call) => take("draft", call, () => reply(texts[call.kind])),
    async table({ drafts, ...call }) {
      const candidates = await drafts;
      return take("table", { ...call }, () => ({
        source: "json" as const,
        raw: true,
        intents: intents.map((text, index) => ({ id: `g${index}`, text, weight: [0.5, 0.3, 0.2][index] ?? 0 })),
        rows: candidates.map((candidate) => ({
          candidate: candidate.id,
          cells: intents.map((_, index) => ({
            usefulness: candidate.kind === "ask" ? 0.7 : index === 0 ? 0.8 : 0.3,
            questions: candidate.kind === "ask" || candidate.kind === "hybrid" ? 1 : 0,
          })),
        })),
        cost: one(1, 0),
        ...options.table,
      }));
    },
    selector: () => null,
    user: (call) => take("user", call, () => reply(`It is this: ${call.intent.text}.`, 10)),
    assistant: (call) => take("assistant", call, () => ({ ...reply("Here you are, then.", 60), asks: false })),
    judge: (call) =>
      take("judge", call, () => ({
        success: success(call.candidate, call.seed) + 0.1 * (uniform(call.seed, "noise") - 0.5),
        interactivity: 0.5,
        cost: one(0, 1),
      })),
    ...options.overrides,
  };
  // The direct answer's delay is for the whole reply, spread over its pieces.
  const pieces = texts.answer.split(/(?<= )/).length;
  (delays as { answer: number }).answer = delays.answer / pieces;
  return { ports, seen };
}

/** A live turn with usual inputs. */
export function liveTurn(changes: Partial<Turn> = {}, policy: Partial<Policy> = {}): Turn {
  return {
    history: [{ role: "user", text: "Write an email to my landlord" }],
    seed: 7,
    policy: { ...balanced, ...policy },
    asking: "balanced",
    questionBudget: 3,
    trust: 1,
    rates: liveRates,
    kindMeans: { answer: 0.5, assume: 0.5, ask: 0.5, hybrid: 0.5 },
    lengths: { answer: null, assume: null, ask: null, hybrid: null },
    noise: firstNoise,
    speeds: { reply: 2000, user: 300, assistant: 1200, judge: 100, reading: 0, slots: 24, crowding: 1 },
    mode: "live",
    stop: new AbortController().signal,
    answerNow: new AbortController().signal,
    models: { assistant: "m", simulator: "m", judge: "m" },
    ...changes,
  };
}
