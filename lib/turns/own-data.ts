import type { Preset } from "../shared/kinds.ts";
import type { OwnData } from "../shared/own-data.ts";
import { listEverything } from "../store/conversations.ts";
import { flagRun, listLiveRuns } from "../store/runs.ts";
import { removeViewer } from "../store/viewers.ts";
import { viewSettings } from "./settings.ts";

/** What the viewer wrote, was answered and said of it, branches included, oldest conversation first. */
export async function readOwnData(viewerId: string, defaultPreset: Preset): Promise<OwnData> {
  const [settings, rows] = await Promise.all([viewSettings(viewerId, defaultPreset), listEverything(viewerId)]);
  const conversations = rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    messages: row.messages.map((each) => ({ ...each, createdAt: each.createdAt.toISOString() })),
    feedback: row.feedback.map((each) => ({ ...each, createdAt: each.createdAt.toISOString() })),
  }));
  return { format: "parley-own-data/1", exportedAt: new Date().toISOString(), settings, conversations };
}

/** Deletes what is the viewer's: conversations, decisions, feedback, settings. Live runs are stopped first. */
export async function deleteOwnData(viewerId: string): Promise<void> {
  for (const { id } of await listLiveRuns(viewerId)) await flagRun(id, "stopRequested");
  await removeViewer(viewerId);
}
