"use client";
import { type RefObject, useEffect } from "react";
import { hasKeyboard } from "./use-media.ts";

/**
 * A control that goes away with the focus (a quick reply, the strip, an editor) leaves it to the field: the browser would leave it
 * to the page as a whole, where the next Tab begins at the very first link. Where something else has taken it, nothing is done.
 */
export function useFocusKept(area: RefObject<HTMLElement | null>, field: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const within = area.current;
    if (within === null) return;
    let focused: Element | null = null;
    const onFocus = ({ target }: FocusEvent) => {
      focused = target instanceof Element && within.contains(target) ? target : null;
    };
    // Somebody who has pressed elsewhere since does not look for the focus.
    const onPress = () => {
      focused = null;
    };
    const observer = new MutationObserver(() => {
      if (focused === null || focused.isConnected) return;
      focused = null;
      if (document.activeElement === document.body && hasKeyboard()) field.current?.focus({ preventScroll: true });
    });
    document.addEventListener("focusin", onFocus);
    document.addEventListener("pointerdown", onPress, true);
    observer.observe(within, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("pointerdown", onPress, true);
      observer.disconnect();
    };
  }, [area, field]);
}
