import type { Kind } from "./kinds.ts";
import type { CandidateRecord, Decision } from "./record.ts";

function candidate(kind: Kind, mean: number, best: number, chosen: boolean): CandidateRecord {
  return {
    id: kind,
    kind,
    text: `The ${kind} reply.`,
    tokens: 40,
    finished: true,
    usefulness: { repair: 0.8, notice: 0.4, other: 0.5 },
    questions: { repair: 1, notice: 1, other: 1 },
    prior: { mean: mean / 2, sd: 0.06 },
    posterior: { mean, sd: 0.05, best },
    goal: { mean: 0.7, sd: 0.1, n: 6 },
    effort: { mean: -0.05, sd: 0.01, n: 6 },
    interaction: { mean: 0.02, sd: 0.02, n: 6 },
    propensity: chosen ? 1 : 0,
    chosen,
    eliminatedAfter: null,
  };
}

/** A whole record as a turn on a vague request leaves it: what tests of both sides build on. */
export function sampleDecision(): Decision {
  return {
    schema: 1,
    path: "lookahead",
    stopReason: "regret",
    preset: "balanced",
    asking: "balanced",
    policy: { name: "balanced", version: "1" },
    seed: 4_023_233_417,
    models: { assistant: "double", simulator: "double", judge: "double" },
    promptVersions: { answer: "assistant/1" },
    clarity: { clear: 0.2, threshold: 0.6, source: "scored" },
    tableSource: "scored",
    sensitivity: 0.4,
    trust: 1,
    rates: { refuses: 0.1 },
    intents: [
      { id: "notice", text: "An email that gives notice to leave", weight: 0.3, other: false },
      { id: "repair", text: "An email that asks for a repair", label: "Repair", weight: 0.6, other: false },
      { id: "other", text: "Something else", weight: 0.1, other: true },
    ],
    candidates: [candidate("assume", 0.6, 0.1, false), candidate("ask", 0.72, 0.9, true)],
    chosenId: "ask",
    rollouts: [
      {
        id: "0:ask:0",
        candidateId: "ask",
        intentId: "repair",
        block: 0,
        state: "done",
        reason: null,
        draws: { refuse: 0.71, wrong: 0.33 },
        turns: [
          { role: "user", text: "The heating is broken.", act: "tells" },
          { role: "assistant", text: "Dear landlord, …" },
        ],
        reward: { extrinsic: 0.8, cost: -0.05, interaction: 0.02, judge: 0.6, tail: null, total: 0.77 },
        ms: 812.5,
      },
      {
        id: "0:assume:0",
        candidateId: "assume",
        intentId: "repair",
        block: 0,
        state: "dropped",
        reason: "slow",
        draws: {},
        turns: [],
        reward: null,
        ms: 2_000,
      },
    ],
    blocks: 2,
    contrast: { chosenId: "ask", otherId: "assume", mean: 0.12, lo: 0.08, hi: 0.17, level: 0.8, n: 6, tooClose: false },
    expectedRegret: 0.008,
    explored: false,
    audit: false,
    cost: { generating: 12, scoring: 7, tokensIn: 4_000, tokensCached: 3_000, tokensOut: 600 },
    ms: { firstToken: null, drafting: 900, lookahead: 2_300, total: 3_600 },
    replyMs: 2_000,
    notes: [],
  };
}
