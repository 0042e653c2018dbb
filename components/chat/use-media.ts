"use client";
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** The key that shortcuts are pressed with, as the person's keyboard names it. Before hydration: Ctrl. */
export const useModifier = (): string =>
  useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl"),
    () => "Ctrl",
  );

/** Is a keyboard likely at hand? On a touch screen the focus of a text field brings one up, over half of the page. */
export const hasKeyboard = (): boolean => window.matchMedia("(pointer: fine)").matches;

/** Does the page match a media query? Before hydration: no. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}
