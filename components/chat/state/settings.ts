import { type Settings, systemPromptLimit } from "@/lib/shared/chat.ts";
import { overBy } from "../length.ts";
import { api, sayWhy } from "./api.ts";
import { createStore } from "./store.ts";

type State = {
  settings: Settings | null;
  problem: string | null;
  /** Words to keep in mind that the server does not have yet: being typed, too long, or refused. */
  typed: string | null;
};

/** The person's settings; a change shows at once and is taken back when the server refuses it. */
export function createSettings() {
  const store = createStore<State>({ settings: null, problem: null, typed: null });

  async function load(): Promise<void> {
    try {
      store.set({ settings: await api.settings(), problem: null });
    } catch (cause) {
      store.set({ problem: sayWhy(cause) });
    }
  }

  /** @returns whether the server took it */
  async function change(change: Partial<Settings>): Promise<boolean> {
    const before = store.get().settings;
    if (before === null) return false;
    store.set({ settings: { ...before, ...change }, problem: null });
    try {
      await api.saveSettings(change);
      return true;
    } catch (cause) {
      store.set({ settings: before, problem: sayWhy(cause) });
      return false;
    }
  }

  /** What is there already is not typed: the field then shows what another tab puts there. */
  function type(text: string): void {
    store.set({ typed: text === store.get().settings?.systemPrompt ? null : text });
  }

  async function saveTyped(): Promise<void> {
    const { typed, settings } = store.get();
    if (typed === null || settings === null || overBy(typed, systemPromptLimit) > 0) return;
    const systemPrompt = typed.trim();
    const kept = systemPrompt === settings.systemPrompt || (await change({ systemPrompt }));
    if (kept && store.get().typed === typed) store.set({ typed: null });
  }

  return { store, load, change, type, saveTyped };
}

export type SettingsStore = ReturnType<typeof createSettings>;
