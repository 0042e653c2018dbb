import type { Settings } from "@/lib/shared/chat.ts";
import { api, sayWhy } from "./api.ts";
import { createStore } from "./store.ts";

/** The person's settings; a change shows at once and is taken back when the server refuses it. */
export function createSettings() {
  const store = createStore<{ settings: Settings | null; problem: string | null }>({ settings: null, problem: null });
  return {
    store,
    async load(): Promise<void> {
      try {
        store.set({ settings: await api.settings(), problem: null });
      } catch (cause) {
        store.set({ problem: sayWhy(cause) });
      }
    },
    /** @returns whether the server took it */
    async change(change: Partial<Settings>): Promise<boolean> {
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
    },
  };
}
