import { z } from "zod";

/** The four kinds of reply (engine.md section 1). `ask` and `hybrid` put a question to the user. */
export const kinds = ["answer", "assume", "ask", "hybrid"] as const;
export const kindSchema = z.enum(kinds);
export type Kind = z.infer<typeof kindSchema>;

/** Does a reply of this kind ask the user something? */
export const asks = (kind: Kind): boolean => kind === "ask" || kind === "hybrid";

export const presets = ["fast", "balanced", "deep", "reference", "direct"] as const;
export const presetSchema = z.enum(presets);
export type Preset = z.infer<typeof presetSchema>;

/** How readily the assistant asks: a person's setting, an input of the choice. */
export const askings = ["never", "rarely", "balanced", "often"] as const;
export const askingSchema = z.enum(askings);
export type Asking = z.infer<typeof askingSchema>;

export const runStates = ["running", "done", "stopped", "failed", "interrupted"] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;
