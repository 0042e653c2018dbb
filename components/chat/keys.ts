/** A key press as React or as the browser tells of it. */
type KeyPress = { isComposing?: boolean; keyCode?: number; nativeEvent?: { isComposing?: boolean; keyCode?: number } };

/**
 * Does it belong to an input method (Japanese, Chinese, Korean …), where Enter confirms a word and Escape gives one up? Browsers
 * mark it as composing, or, Safari, by key code 229.
 */
export function isComposing(event: KeyPress): boolean {
  const { isComposing, keyCode } = event.nativeEvent ?? event;
  return isComposing === true || keyCode === 229;
}

/** Does this key press send? Enter does, Shift+Enter breaks the line, and an Enter of an input method does neither. */
export function isSend(event: KeyPress & { key: string; shiftKey: boolean }): boolean {
  return event.key === "Enter" && !event.shiftKey && !isComposing(event);
}

/** Is it a place to write in, with keys of its own? */
export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("textarea, input");
