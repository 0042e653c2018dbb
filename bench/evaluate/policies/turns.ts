import { decide } from "../../../lib/engine/deliberate.ts";
import {
  always,
  balanced,
  deep,
  direct,
  fast,
  type Policy,
  presetPolicies,
  reference,
  table,
} from "../../../lib/engine/policy.ts";
import { type History, PortFailure, type Ports } from "../../../lib/engine/ports.ts";
import { firstNoise, type Turn } from "../../../lib/engine/turn.ts";
import { liveRates } from "../../../lib/engine/user.ts";
import { ModelError, type ModelErrorCode } from "../../../lib/models/errors.ts";
import type { Models } from "../../../lib/models/models.ts";
import { speedsOf } from "../../../lib/models/speeds.ts";
import type { Preset } from "../../../lib/shared/kinds.ts";
import type { Decision } from "../../../lib/shared/record.ts";
import { Problem } from "../problem.ts";

/** The one prompt of the policy `proactive`: what people try first instead of looking ahead. Our own words. */
export const PROACTIVE =
  "Before you reply, decide whether you know enough. If the request leaves out something that you need, or could mean different things, ask one short question and nothing else. If you know enough, answer at once.";
export const PROACTIVE_VERSION = "proactive/1";

/** The engine's policy behind a name of the command line. */
export function enginePolicy(name: string, preset: Preset | undefined): Policy {
  if (name === "parley") return presetPolicies[preset ?? "balanced"];
  const known: Record<string, Policy> = {
    direct,
    proactive: direct,
    table,
    reference,
    fast,
    balanced,
    deep,
    always_ask: always("ask"),
    always_answer: direct,
    always_assume: always("assume"),
  };
  const policy = known[name];
  if (!policy) throw new Problem(`The policy ${name} does not take part in turns.`);
  return policy;
}

export type TurnInput = {
  models: Models;
  policy: Policy;
  /** `proactive` has a system text of its own. */
  system: string;
  history: History;
  seed: number;
  /** Questions that the conversation may still put. */
  questionBudget: number;
  /** Most tokens of a reply or draft where its words do not matter (kind 1); absent: as in the product. */
  replyTokens?: number | undefined;
  /** Items at once: on a slow machine a turn plans with its part of it. */
  parallel: number;
  stop: AbortSignal;
};

/**
 * One turn through the engine as the product runs it: same deliberation, same ports, same defaults. The product gets by
 * without a call that the endpoint failed; here such a turn is no measurement, and the failure is thrown.
 */
export async function runTurn(input: TurnInput): Promise<Decision> {
  const { models, policy } = input;
  const { ports, outage } = watched(briefly(models.ports({ system: input.system }), input.replyTokens));
  const turn: Turn = {
    history: input.history,
    seed: input.seed,
    policy,
    asking: "balanced",
    questionBudget: input.questionBudget,
    trust: 1,
    rates: liveRates,
    kindMeans: { answer: 0, assume: 0, ask: 0, hybrid: 0 },
    lengths: { answer: null, assume: null, ask: null, hybrid: null },
    noise: firstNoise,
    speeds: speedsOf(models, {}, input.parallel),
    mode: "live",
    stop: input.stop,
    answerNow: new AbortController().signal,
    models: models.ids,
  };
  const decision = await decide(turn, ports);
  const failure = outage();
  if (failure !== null) throw failure;
  return decision;
}

/** The endpoint's own failures, once its retries are spent; others say something of the request or of the model's words. */
const OUTAGES: readonly ModelErrorCode[] = [
  "model_unreachable",
  "model_refused_key",
  "rate_limited",
  "model_timeout",
  "model_broken",
];

/** The same ports, and the first failure of the endpoint that one of them met. */
function watched(ports: Ports): { ports: Ports; outage: () => PortFailure | null } {
  let met: PortFailure | null = null;
  const watch =
    <In, Out>(port: (input: In) => Out | Promise<Out>) =>
    async (input: In): Promise<Out> => {
      try {
        return await port(input);
      } catch (error) {
        if (error instanceof PortFailure && error.cause instanceof ModelError && OUTAGES.includes(error.cause.code))
          met ??= error;
        throw error;
      }
    };
  const { gather } = ports;
  return {
    ports: {
      ...ports,
      ...(gather ? { gather: watch(gather) } : {}),
      answer: watch(ports.answer),
      clarity: watch(ports.clarity),
      draft: watch(ports.draft),
      table: watch(ports.table),
      user: watch(ports.user),
      assistant: watch(ports.assistant),
      judge: watch(ports.judge),
    },
    outage: () => met,
  };
}

/** Where only the kind of reply counts, replies and drafts are cut; the engine knows them as cut and predicts their length. */
function briefly(ports: Ports, tokens: number | undefined): Ports {
  if (tokens === undefined) return ports;
  const most = (maxTokens: number | undefined) => Math.min(tokens, maxTokens ?? tokens);
  return {
    ...ports,
    answer: (call) => ports.answer({ ...call, maxTokens: most(call.maxTokens) }),
    draft: (call) => ports.draft({ ...call, maxTokens: most(call.maxTokens) }),
  };
}
