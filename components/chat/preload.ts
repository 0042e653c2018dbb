"use client";
import { useEffect } from "react";

/** In the order in which a person comes to need them. */
const parts = [
  () => import("./thread.tsx"),
  () => import("./markdown-rendered.tsx"),
  () => import("./why-panel.tsx"),
  () => import("@/components/feedback/reasons.tsx"),
  () => import("@/components/feedback/goal.tsx"),
  () => import("@/components/ui/menu.tsx"),
  () => import("@/components/ui/drawer.tsx"),
  () => import("./settings.tsx"),
];

/**
 * Fetches what the first load leaves out as soon as the page is alive: nothing has to be waited for later, and a network that
 * goes away afterwards takes no part of the page with it.
 */
export function usePreloaded(): void {
  useEffect(() => {
    let wanted = true;
    void (async () => {
      for (const load of parts) if (wanted) await load().catch(() => undefined);
    })();
    return () => {
      wanted = false;
    };
  }, []);
}
