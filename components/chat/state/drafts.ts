/**
 * What a person typed and the server does not have yet, by conversation. A draft is written at every keystroke and erased only
 * when the turn's stream names the message, so neither a reload nor a lost network loses it. Storage that is full or switched off
 * makes a draft last as long as the page.
 */
const prefix = "parley.draft.";
const memory = new Map<string, string>();

export function readDraft(conversationId: string | null): string {
  const key = prefix + (conversationId ?? "new");
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? "";
  } catch {
    return memory.get(key) ?? "";
  }
}

export function writeDraft(conversationId: string | null, text: string): void {
  const key = prefix + (conversationId ?? "new");
  if (text === "") memory.delete(key);
  else memory.set(key, text);
  try {
    if (text === "") localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // The copy in memory stays.
  }
}
