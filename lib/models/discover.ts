import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { aborted, errorOfStatus, ModelError } from "./errors.ts";

/** What an endpoint tells about itself without being asked to generate. */
export interface Discovery {
  model: string;
  contextLength: number | null;
  slots: number | null;
  notes: string[];
}

const number = z.number().int().positive().nullish().catch(null);
/** The names that vLLM, llama.cpp, LM Studio, OpenRouter and the embedded server give to the same thing. */
const modelSchema = z.object({
  id: z.string().min(1),
  max_model_len: number,
  context_length: number,
  loaded_context_length: number,
  max_context_length: number,
  slots: number,
  meta: z.object({ n_ctx: number, n_ctx_train: number }).partial().nullish().catch(null),
});
const modelsSchema = z.object({ data: z.array(modelSchema).min(1) });
/** llama.cpp: the context of one slot, and how many slots. */
const propsSchema = z.object({
  total_slots: number,
  n_ctx: number,
  default_generation_settings: z.object({ n_ctx: number }).partial().nullish().catch(null),
});

/** Fetches one small JSON document; null where the endpoint has none. */
async function document(endpoint: Endpoint, url: string, signal: AbortSignal): Promise<unknown> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, {
      headers: endpoint.headers("foreground"),
      signal: AbortSignal.any([signal, AbortSignal.timeout(endpoint.timeouts.firstMs)]),
    });
    body = await response.text();
  } catch (cause) {
    if (signal.aborted) throw aborted(cause);
    throw new ModelError("model_unreachable", "The model's endpoint cannot be reached.", { cause, retryable: true });
  }
  if (response.status === 401 || response.status === 403) throw errorOfStatus(response.status, "");
  if (!response.ok) return null;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/**
 * The model to use (the wanted one, else the first that `/v1/models` names), its context length and the server's slots,
 * each where told. Throws ModelError: unreachable, key refused, or no model named and none wanted.
 */
export async function discover(
  endpoint: Endpoint,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Discovery> {
  const listed = modelsSchema.safeParse(await document(endpoint, `${endpoint.baseURL}/models`, signal));
  const models = listed.success ? listed.data.data : [];
  const chosen = wanted === undefined ? models[0] : models.find((model) => model.id === wanted);
  const model = wanted ?? chosen?.id;
  if (model === undefined)
    throw new ModelError("model_rejected", "The endpoint names no model: set OPENAI_MODEL to the one to use.");
  const notes = listed.success ? [] : ["no_models_list"];
  if (listed.success && !chosen) notes.push("model_not_listed");

  // Hosted OpenAI has no such page, and a 404 costs nothing; a server that fails here merely tells less.
  const root = endpoint.baseURL.replace(/\/v1$/, "");
  const propsDocument = await document(endpoint, `${root}/props`, signal).catch((failure: unknown) => {
    if (failure instanceof ModelError && failure.code === "aborted") throw failure;
    return null;
  });
  const props = propsSchema.safeParse(propsDocument);
  const told = props.success ? props.data : null;
  const contextLength =
    told?.default_generation_settings?.n_ctx ??
    told?.n_ctx ??
    chosen?.loaded_context_length ??
    chosen?.max_model_len ??
    chosen?.meta?.n_ctx ??
    chosen?.context_length ??
    chosen?.max_context_length ??
    chosen?.meta?.n_ctx_train ??
    null;
  return { model, contextLength, slots: told?.total_slots ?? chosen?.slots ?? null, notes };
}
