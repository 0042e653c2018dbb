type KeyPress = {
  key: string;
  shiftKey: boolean;
  keyCode?: number;
  nativeEvent?: { isComposing?: boolean; keyCode?: number };
};

/**
 * Does this key press send? Enter does, Shift+Enter breaks the line, and an Enter that confirms a word in an input method
 * (Japanese, Chinese, Korean …) does neither: browsers mark it as composing, or, Safari, by key code 229.
 */
export function isSend(event: KeyPress): boolean {
  if (event.key !== "Enter" || event.shiftKey) return false;
  if (event.nativeEvent?.isComposing) return false;
  return (event.nativeEvent?.keyCode ?? event.keyCode) !== 229;
}

/** Is it a place to write in, with keys of its own? */
export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("textarea, input");
