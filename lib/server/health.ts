import type { Health } from "../shared/routes.ts";
import { ping } from "../store/database.ts";
import { errorPartOf } from "../turns/failure.ts";
import { knownModels, lastFailure, models } from "./models.ts";

/** Long enough for a busy model server to list its models, short enough for a load balancer. */
const patienceMs = 5_000;

/** The state of the parts that a turn needs, each asked just now. */
export async function readHealth(): Promise<Health> {
  const [databaseSays, model] = await Promise.all([askDatabase(), askModel()]);
  return { status: databaseSays === "ok" && model.status === "ok" ? "ok" : "failed", database: databaseSays, model };
}

async function askDatabase(): Promise<string> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, patienceMs, "does not answer").unref());
  const asked = ping()
    .then(() => "ok")
    .catch(() => "cannot be reached");
  return Promise.race([asked, late]);
}

async function askModel(): Promise<Health["model"]> {
  const reached = knownModels();
  if (!reached) {
    const failure = lastFailure();
    models().catch(() => undefined);
    return { status: failure ? errorPartOf(failure).message : "is being asked what it can do", id: null };
  }
  const { endpoint, ids } = reached;
  const options = { headers: endpoint.headers("foreground"), signal: AbortSignal.timeout(patienceMs) };
  const status = await fetch(`${endpoint.baseURL}/models`, options).then(
    // Some servers have no list of models; that they answer at all is what counts.
    async (response) => {
      await response.body?.cancel();
      return response.status < 500 && response.status !== 401 && response.status !== 403
        ? "ok"
        : `answers HTTP ${response.status}`;
    },
    () => "cannot be reached",
  );
  return { status, id: ids.assistant };
}
