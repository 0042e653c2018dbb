import type { History, Ports } from "../engine/ports.ts";
import { type Capabilities, probe } from "./capabilities.ts";
import { createEndpoint, type Endpoint, type EndpointOptions, mostCallsAtOnce } from "./endpoint.ts";
import { createPorts, type PortOptions } from "./ports.ts";
import { fitted, limits, type Served } from "./served.ts";
import { createSpeed } from "./speed.ts";

export interface ModelsOptions extends EndpointOptions {
  /** Unset: the first that the endpoint names. */
  model?: string | undefined;
  /** Unset: the same as `model`. */
  simulatorModel?: string | undefined;
  judgeModel?: string | undefined;
  /** What an earlier process found out about the same endpoint. A model named here by its id is not asked again. */
  known?: readonly Capabilities[];
}

/** The language models of one configuration: one endpoint, up to three models, probed once. */
export interface Models {
  readonly endpoint: Endpoint;
  /** Plain data for the decision record and the store. */
  readonly capabilities: {
    readonly assistant: Capabilities;
    readonly simulator: Capabilities;
    readonly judge: Capabilities;
  };
  readonly ids: { readonly assistant: string; readonly simulator: string; readonly judge: string };
  /** The ports of one turn. */
  ports(options?: Pick<PortOptions, "onNote" | "system" | "selector">): Ports;
  /** Throws ModelError `message_too_long` where the last message can never fit; call it before anything is written or sent. */
  check(history: History): void;
  /** L in milliseconds (engine.md section 3). */
  replyMs(): number;
}

/**
 * Connects to an endpoint and finds out what it can do. Costs a few short calls, once.
 * Throws ModelError: unreachable, key refused, rate limited, no such model.
 */
export async function connect(options: ModelsOptions, signal: AbortSignal): Promise<Models> {
  const endpoint = createEndpoint(options);
  const known = new Map<string, Served>();
  const serve = async (wanted: string | undefined): Promise<Served> => {
    const before = wanted === undefined ? undefined : known.get(wanted);
    if (before) return before;
    const remembered = options.known?.find(({ model }) => model === wanted);
    if (remembered) endpoint.limiter.setLimit(Math.min(mostCallsAtOnce, remembered.slots ?? mostCallsAtOnce));
    const served = { endpoint, capabilities: remembered ?? (await probe(endpoint, wanted, signal)) };
    known.set(served.capabilities.model, served);
    return served;
  };
  const assistant = await serve(options.model);
  const { model } = assistant.capabilities;
  const simulator = await serve(options.simulatorModel ?? model);
  const judge = await serve(options.judgeModel ?? model);
  const speed = createSpeed(assistant.capabilities.tokenMs);
  return {
    endpoint,
    capabilities: {
      assistant: assistant.capabilities,
      simulator: simulator.capabilities,
      judge: judge.capabilities,
    },
    ids: { assistant: model, simulator: simulator.capabilities.model, judge: judge.capabilities.model },
    ports: (own = {}) => createPorts({ assistant, simulator, judge, speed, ...own }),
    check: (history) => {
      fitted({ ...assistant, note: () => {} }, history, limits(assistant.capabilities).reply);
    },
    replyMs: () => speed.replyMs(),
  };
}
