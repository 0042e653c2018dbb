import type { Environment } from "../server/env.ts";
import { shapeOf } from "../server/shape.ts";
import { StartError } from "./start-error.ts";

type Names = Pick<Environment, "openaiModel" | "simulatorModel" | "judgeModel">;
type Endpoint = { baseUrl: string; headers: Record<string, string> };

const shown = 5;
const patienceMs = 10_000;

/** Ollama lists "llama3:latest" and takes "llama3"; OpenRouter lists "vendor/model" and takes "vendor/model:online". */
function isListed(name: string, listed: readonly string[]): boolean {
  return [name, `${name}:latest`, name.replace(/:[^:]*$/, "")].some((each) => listed.includes(each));
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Some of the names, first those that begin as the wrong one does: a slip of the hand finds its right name there. */
function namesNear(wrong: string, listed: readonly string[]): string {
  const near = [...listed].sort((a, b) => sharedStart(b, wrong) - sharedStart(a, wrong)).slice(0, shown);
  const more = listed.length - near.length;
  return more > 0 ? `${near.join(", ")} (and ${more} more)` : near.join(", ");
}

async function hasPage({ baseUrl, headers }: Endpoint, name: string): Promise<boolean> {
  const page = `${baseUrl}/models/${name.split("/").map(encodeURIComponent).join("/")}`;
  try {
    const response = await fetch(page, { headers, signal: AbortSignal.timeout(patienceMs) });
    const body: unknown = await response.json();
    return response.ok && (body as { id?: unknown } | null)?.id === name;
  } catch {
    return false;
  }
}

/** Begins a chat with it and leaves at once: whether the endpoint would have gone on. */
async function beginsToAnswer({ baseUrl, headers }: Endpoint, model: string): Promise<boolean> {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Hi" }] });
  try {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Some endpoints serve what they do not list: aliases, deployments with names of their own, what was tuned for one account.
 * The name is taken where it has a page, or is answered to by an endpoint that does not answer to every name alike.
 */
async function isServed(endpoint: Endpoint, name: string): Promise<boolean> {
  if (await hasPage(endpoint, name)) return true;
  return (await beginsToAnswer(endpoint, name)) && !(await beginsToAnswer(endpoint, `no-such-model-${Date.now()}`));
}

/**
 * Holds each model that is set against the endpoint's own list, so that a wrong name is said at the start and not in a chat.
 * @throws StartError for the first that is not there; it names the variable and shows no value.
 */
export async function checkNames(endpoint: Endpoint, names: Names, listed: readonly string[]): Promise<void> {
  const { openaiModel, simulatorModel, judgeModel } = names;
  const set = { OPENAI_MODEL: openaiModel, SIMULATOR_MODEL: simulatorModel, JUDGE_MODEL: judgeModel };
  for (const [variable, name] of Object.entries(set)) {
    if (name === undefined || isListed(name, listed) || (await isServed(endpoint, name))) continue;
    const problem = `${variable}: ${endpoint.baseUrl} has no such model; the value is ${shapeOf(name)}.`;
    throw new StartError(problem, `Give a name that it lists, or leave it out: ${namesNear(name, listed)}.`);
  }
}
