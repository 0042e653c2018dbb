import type { Settings } from "../shared/chat.ts";
import type { Preset } from "../shared/kinds.ts";
import { readSettings, writeSettings } from "../store/viewers.ts";

/** The person's settings; the server's preset where he chose none. */
export async function viewSettings(viewerId: string, defaultPreset: Preset): Promise<Settings> {
  const own = await readSettings(viewerId);
  return { ...own, preset: own.preset ?? defaultPreset };
}

/** Changes what is given, leaves the rest, and says what holds now. */
export async function changeSettings(
  viewerId: string,
  changes: { [Field in keyof Settings]?: Settings[Field] | undefined },
  defaultPreset: Preset,
): Promise<Settings> {
  const { preset, asking, systemPrompt } = changes;
  await writeSettings(viewerId, {
    ...(preset === undefined ? {} : { preset }),
    ...(asking === undefined ? {} : { asking }),
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
  });
  return viewSettings(viewerId, defaultPreset);
}
