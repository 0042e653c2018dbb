"use client";
import { lazy, useEffect } from "react";

/**
 * What the first load leaves out. Plain `import()` and React's lazy, not next/dynamic: that one makes a chunk of its own for the
 * same module, so what was fetched ahead here would be fetched again there, when the network may be gone.
 */
const load = {
  thread: () => import("./thread.tsx"),
  markdown: () => import("./markdown-rendered.tsx"),
  why: () => import("./why-panel.tsx"),
  reasons: () => import("@/components/feedback/reasons.tsx"),
  goal: () => import("@/components/feedback/goal.tsx"),
  menu: () => import("@/components/ui/menu.tsx"),
  drawer: () => import("@/components/ui/drawer.tsx"),
  settings: () => import("./settings.tsx"),
};

export const Thread = lazy(() => load.thread().then((module) => ({ default: module.Thread })));
export const MarkdownRendered = lazy(() => load.markdown().then((module) => ({ default: module.MarkdownRendered })));
export const WhyPanel = lazy(() => load.why().then((module) => ({ default: module.WhyPanel })));
export const Reasons = lazy(() => load.reasons().then((module) => ({ default: module.Reasons })));
export const Goal = lazy(() => load.goal().then((module) => ({ default: module.Goal })));
export const Menu = lazy(() => load.menu().then((module) => ({ default: module.Menu })));
export const Drawer = lazy(() => load.drawer().then((module) => ({ default: module.Drawer })));
export const SettingsDialog = lazy(() => load.settings().then((module) => ({ default: module.SettingsDialog })));

/**
 * Fetches all of it as soon as the page is alive, in the order in which a person comes to need it: nothing has to be waited for
 * later, and a network that goes away afterwards takes no part of the page with it.
 */
export function usePreloaded(): void {
  useEffect(() => {
    let wanted = true;
    void (async () => {
      for (const part of Object.values(load)) if (wanted) await part().catch(() => undefined);
    })();
    return () => {
      wanted = false;
    };
  }, []);
}
