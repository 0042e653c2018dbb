import type { TurnDependencies } from "./deliberator.ts";
import { type Asker, askedMessage, startAgain } from "./start.ts";

/** Another reply to the same message: a sibling of the one there is. @throws Refusal 404, 409 `run_live` */
export async function regenerate(deps: TurnDependencies, asker: Asker, messageId: string): Promise<{ runId: string }> {
  const asked = await askedMessage(asker.viewerId, messageId);
  return startAgain(deps, asker, { ...asked, origin: "regenerate" });
}
