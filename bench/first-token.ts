/**
 * When the first word comes, in L (the median time of one full direct reply of the same endpoint, same request): a clear
 * turn, a turn with one block, one with two, and the reference scheme. The scripted endpoint plays the journeys with seeded
 * lognormal latencies; the engine and every call over HTTP are the product's. `npm run bench:first-token -- --turns 12`.
 */
import { parseArgs } from "node:util";
import { namedScenario } from "../e2e/endpoint/scenario.ts";
import { startScriptedEndpoint } from "../e2e/endpoint/server.ts";
import { decide, firstNoise, liveRates, type Policy, presetPolicies, type Turn } from "../lib/engine/index.ts";
import { connect, type Models } from "../lib/models/models.ts";

const { values } = parseArgs({ options: { turns: { type: "string", default: "12" } } });
const turns = Number(values.turns);
const vague = "Write an email to my landlord";
const clear = "What is the capital of France?";
const never = new AbortController().signal;

const { balanced, direct, reference } = presetPolicies;
/** Nothing but the number of rounds decides how many blocks are played. */
const rounds = (count: number): Policy => ({
  ...balanced,
  gate: { clear: null, regret: false, evpi: false, audit: 0 },
  allocation: "block",
  epsilon: 0,
  kappa: 0,
  drop: 0,
  rounds: count,
  most: 3 * count,
  soft: Number.POSITIVE_INFINITY,
  hard: Number.POSITIVE_INFINITY,
});

const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

async function play(models: Models, text: string, policy: Policy, seed: number) {
  const turn: Turn = {
    history: [{ role: "user", text }],
    seed,
    policy,
    asking: "balanced",
    questionBudget: 3,
    trust: 1,
    rates: liveRates,
    kindMeans: { answer: 0, assume: 0, ask: 0, hybrid: 0 },
    lengths: { answer: null, assume: null, ask: null, hybrid: null },
    noise: firstNoise,
    speeds: { reply: models.replyMs(), user: 300, assistant: 1000, judge: 100, reading: 0, slots: 24, crowding: 1 },
    mode: "live",
    stop: never,
    answerNow: never,
    models: models.ids,
  };
  const { ms, blocks, cost } = await decide(turn, models.ports());
  return { first: ms.firstToken ?? Number.NaN, total: ms.total, blocks, calls: cost.generating };
}

/** Replies as long as L means them (about 200 tokens); the journeys' own are a few lines, shorter than an imagined turn may be. */
const longer = (text: string, words: number): string =>
  `${text} ${Array.from({ length: Math.max(0, words - text.split(" ").length) }, () => "detail").join(" ")}`;
const journeys = namedScenario("journeys");
const topics = journeys.topics.map((topic) => ({
  ...topic,
  answer: longer(topic.answer, 160),
  ...(topic.assume === undefined ? {} : { assume: longer(topic.assume, 160) }),
}));
const endpoint = await startScriptedEndpoint({
  scenario: { ...journeys, topics, latency: { medianMs: 100, sigma: 0.25, tokenMs: 10 } },
});
try {
  const models = await connect({ baseURL: endpoint.url }, never);
  const all = async (text: string, policy: Policy) => {
    const played = [];
    for (let seed = 1; seed <= turns; seed += 1) played.push(await play(models, text, policy, seed));
    return played;
  };
  const length = median((await all(vague, direct)).map(({ total }) => total));
  const clearLength = median((await all(clear, direct)).map(({ total }) => total));
  console.log(
    `L = ${length.toFixed(0)} ms (vague request), ${clearLength.toFixed(0)} ms (clear request); ${turns} turns each`,
  );
  const rows = [
    { name: "clear turn", text: clear, policy: balanced, unit: clearLength, mark: "≤ 1.05" },
    { name: "one block", text: vague, policy: rounds(1), unit: length, mark: "≤ 2.4" },
    { name: "two blocks", text: vague, policy: rounds(2), unit: length, mark: "≤ 3.6" },
    { name: "reference", text: vague, policy: reference, unit: length, mark: "none" },
  ];
  for (const { name, text, policy, unit, mark } of rows) {
    const played = await all(text, policy);
    const first = median(played.map((turn) => turn.first)) / unit;
    const blocks = median(played.map((turn) => turn.blocks));
    const calls = median(played.map((turn) => turn.calls));
    console.log(
      `${name.padEnd(11)} first word after ${first.toFixed(2)} L (mark ${mark}); blocks ${blocks}, generating calls ${calls}`,
    );
  }
} finally {
  await endpoint.close();
}
