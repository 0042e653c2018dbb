import type { Settings } from "../shared/chat.ts";
import type { Preset } from "../shared/kinds.ts";
import { database } from "./client.ts";
import type { Database } from "./database.ts";
import { storableText } from "./storable.ts";

/** A guest's row is written with the first thing worth keeping, so that a passing crawler leaves nothing behind. */
export async function ensureViewer(db: Database, viewerId: string): Promise<void> {
  await db.viewer.createMany({ data: [{ id: viewerId }], skipDuplicates: true });
}

/** The person's own settings, `preset` null where they leave it to the server. */
export async function readSettings(viewerId: string): Promise<Omit<Settings, "preset"> & { preset: Preset | null }> {
  const row = await database().viewer.findUnique({ where: { id: viewerId } });
  return { preset: row?.preset ?? null, asking: row?.asking ?? "balanced", systemPrompt: row?.systemPrompt ?? "" };
}

export async function writeSettings(viewerId: string, changes: Partial<Settings>): Promise<void> {
  const { systemPrompt } = changes;
  const data = { ...changes, ...(systemPrompt === undefined ? {} : { systemPrompt: storableText(systemPrompt) }) };
  await database().viewer.upsert({ where: { id: viewerId }, create: { id: viewerId, ...data }, update: data });
}

/** Deletes the viewer's row, and with it everything that is theirs. A viewer who wrote nothing has none. */
export async function removeViewer(viewerId: string): Promise<void> {
  await database().viewer.deleteMany({ where: { id: viewerId } });
}
