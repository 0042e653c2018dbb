import { AsyncLocalStorage } from "node:async_hooks";
import { isSlow } from "../models/capabilities.ts";
import type { CallLog } from "../models/log.ts";
import { connect, type Models } from "../models/models.ts";
import { warm } from "../models/warm.ts";
import { describeError } from "../shared/describe-error.ts";
import type { UsageRow } from "../store/usage.ts";
import { CONNECT_MS, DEFAULT_OPENAI_MODEL, environment } from "./env.ts";
import { log } from "./log.ts";
import { recall, remember } from "./remembered.ts";

type Connection = { models: Models | null; pending: Promise<Models> | null; failure: unknown; failedAt: number };
type Caller = (row: UsageRow) => void;
/** On globalThis: Next loads this module once a bundle, and again at each reload in development. */
const shared = globalThis as typeof globalThis & {
  parleyModels?: Connection;
  parleyCallers?: AsyncLocalStorage<Caller>;
};
shared.parleyCallers ??= new AsyncLocalStorage();
const callers = shared.parleyCallers;

/** The endpoint is one, turns are many: each call finds the turn it belongs to by the asynchronous context it was made in. */
export const attributeCalls = <T>(onCall: Caller, work: () => T): T => callers.run(onCall, work);

/** A new try after a failed one no sooner than this: health is asked often, and a probe is several calls. */
const pauseMs = 2_000;

function connection(): Connection {
  shared.parleyModels ??= { models: null, pending: null, failure: null, failedAt: 0 };
  return shared.parleyModels;
}

/** The models if they are known already. */
export const knownModels = (): Models | null => connection().models;
/** Why the last try to reach them failed. */
export const lastFailure = (): unknown => connection().failure;

/** The configured models, probed once. @throws ModelError: unreachable, key refused, rate limited, no such model */
export function models(): Promise<Models> {
  const state = connection();
  if (state.models) return Promise.resolve(state.models);
  if (state.failure && Date.now() - state.failedAt < pauseMs) return Promise.reject(state.failure);
  state.pending ??= reach()
    .then((reached) => {
      state.models = reached;
      state.failure = null;
      log.info({ models: reached.ids, notes: reached.capabilities.assistant.notes }, "models reached");
      if (isSlow(reached.capabilities.assistant)) void warm(reached.ports(), AbortSignal.timeout(CONNECT_MS));
      return reached;
    })
    .catch((error: unknown) => {
      state.failure = error;
      state.failedAt = Date.now();
      log.warn({ error: describeError(error) }, "models not reached");
      throw error;
    })
    .finally(() => {
      state.pending = null;
    });
  return state.pending;
}

async function reach(): Promise<Models> {
  const { openaiApiKey, openaiBaseUrl, openaiModel, simulatorModel, judgeModel, embeddedModel } = environment();
  const options = {
    apiKey: openaiApiKey,
    baseURL: openaiBaseUrl,
    model: openaiModel ?? (openaiBaseUrl ? undefined : DEFAULT_OPENAI_MODEL),
    simulatorModel,
    judgeModel,
    onCall: (call: CallLog) => tell(usageOf(call)),
    known: recall(embeddedModel),
  };
  const reached = await connect(options, AbortSignal.timeout(CONNECT_MS));
  remember(embeddedModel, Object.values(reached.capabilities));
  return reached;
}

/** A turn keeps its calls with its record. Probes and warming up belong to none: they are a line in the log, at each start. */
function tell(row: UsageRow): void {
  const turn = callers.getStore();
  if (turn) turn(row);
  else log.info(row, "model called outside a turn");
}

function usageOf({ priority: _, ...call }: CallLog): UsageRow {
  return call;
}
