import type { Environment } from "../server/env.ts";
import { shapeOf } from "../server/shape.ts";
import { checkNames } from "./named-models.ts";
import { diskFull, StartError } from "./start-error.ts";

type Named = Pick<Environment, "openaiApiKey" | "openaiModel" | "simulatorModel" | "judgeModel">;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code, cause } = error as Error & { code?: unknown };
  return typeof code === "string" ? code : codeOf(cause);
}

/** Turns what Postgres or the way to it said into the problem and its cure. Names host and database, never the password. */
export function explainDatabase(error: unknown, url: string): unknown {
  if (error instanceof StartError) return error;
  const { hostname, port, pathname, username } = new URL(url);
  const where = `${hostname}:${port || 5432}`;
  const stop = (problem: string, cure: string) => new StartError(`DATABASE_URL: ${problem}`, cure, { cause: error });
  const database = pathname.slice(1) || username;
  switch (codeOf(error)) {
    case "ECONNREFUSED":
      return stop(`nothing listens at ${where}.`, "Start that Postgres or correct the address, or leave it out.");
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return stop(`there is no host ${hostname}.`, "Correct the host, or leave it out for the embedded Postgres.");
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return stop(`${where} does not answer.`, "Check the address and the firewall between.");
    case "28P01":
    case "28000":
      return stop(`Postgres at ${where} refuses user ${username}.`, "Correct user and password (encode @, : and /).");
    case "3D000":
      return stop(`there is no database ${database} at ${where}.`, `Make it with: createdb ${database}`);
    case "42501":
      return stop(
        `user ${username} may not make tables in ${database}.`,
        `Give the right: GRANT CREATE ON SCHEMA public.`,
      );
    case "53300":
      return stop(`Postgres at ${where} has no connection left.`, "Raise max_connections, or stop other programs.");
    case "53100":
      return diskFull(`the Postgres at ${where}`, error);
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/timeout|terminated/i.test(message)) return stop(`${where} does not answer.`, "Check that a Postgres is there.");
  if (/SSL/i.test(message)) return stop(`${where}: ${message}.`, "Add ?sslmode=require, or take it away.");
  return stop(
    `Postgres at ${where} says: ${message}.`,
    "Correct the address, or leave it out for the embedded Postgres.",
  );
}

/**
 * Asks the user's own endpoint for its models, so that a wrong address, key or name is said at the start and not in a chat.
 * Where it has no list, or says that the list goes on, the names are taken as they are.
 * @throws StartError; never shows the key.
 */
export async function checkEndpoint(baseUrl: string, settings: Named): Promise<void> {
  const { openaiApiKey } = settings;
  const stop = (problem: string, cure: string, cause?: unknown) => new StartError(problem, cure, { cause });
  const headers: Record<string, string> = openaiApiKey ? { authorization: `Bearer ${openaiApiKey}` } : {};
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/models`, { headers, signal: AbortSignal.timeout(10_000) });
  } catch (cause) {
    const reason = codeOf(cause) || (cause instanceof Error ? cause.message : String(cause));
    const cure = "Start that server, or correct OPENAI_BASE_URL, or leave both variables out for the embedded model.";
    throw stop(`The language model's endpoint ${baseUrl} does not answer (${reason}).`, cure, cause);
  }
  const { status } = response;
  if (status === 401 || status === 403) {
    const shape = openaiApiKey ? `it is ${shapeOf(openaiApiKey)}` : "it is not set";
    throw stop(`OPENAI_API_KEY: ${baseUrl} refuses the key (${status}); ${shape}.`, "Give the key of that endpoint.");
  }
  if (status >= 500)
    throw stop(
      `The language model's endpoint ${baseUrl} answers ${status}.`,
      "Wait until that server is well, then start again, or correct OPENAI_BASE_URL.",
    );
  const { names, whole } = listOf(await response.json().catch(() => undefined));
  if (response.ok && whole && names.length > 0) {
    await checkNames({ baseUrl, headers }, settings, names);
  }
  if (settings.openaiModel || names.length > 0) return;
  const cure = "Give the address up to and including /v1, or name the model in OPENAI_MODEL.";
  throw stop(`OPENAI_BASE_URL: ${baseUrl}/models names no model (status ${status}).`, cure);
}

/** The models' ids; not whole where the endpoint says that more pages follow. */
function listOf(body: unknown): { names: string[]; whole: boolean } {
  const { data, has_more } = (body ?? {}) as { data?: unknown; has_more?: unknown };
  const models: { id?: unknown }[] = Array.isArray(data) ? data : [];
  const names = models.flatMap((model) => (typeof model?.id === "string" ? [model.id] : []));
  return { names, whole: has_more !== true };
}
