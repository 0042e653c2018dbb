import { notFound } from "../shared/refusal.ts";
import { findRun } from "../store/runs.ts";

/** A run of the viewer's. @throws Refusal 404 */
export async function findOwnRun(viewerId: string, id: string) {
  const run = await findRun(viewerId, id);
  if (!run) throw notFound("reply");
  return run;
}
