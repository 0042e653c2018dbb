/**
 * What a person typed and the server does not have yet, by conversation. A draft is what stands in the field, written at every
 * keystroke; sending moves it to what is unsent, and that is erased only when the turn's stream names the message. So neither a
 * reload nor a lost network loses a word, whether it was typed in the field, picked, or an edit of an earlier message.
 * Storage that is full or switched off makes both last as long as the page.
 */
const memory = new Map<string, string>();

function place(prefix: string) {
  const keyOf = (conversationId: string | null) => prefix + (conversationId ?? "new");
  return {
    read(conversationId: string | null): string {
      const key = keyOf(conversationId);
      try {
        return localStorage.getItem(key) ?? memory.get(key) ?? "";
      } catch {
        return memory.get(key) ?? "";
      }
    },
    write(conversationId: string | null, text: string): void {
      const key = keyOf(conversationId);
      if (text === "") memory.delete(key);
      else memory.set(key, text);
      try {
        if (text === "") localStorage.removeItem(key);
        else localStorage.setItem(key, text);
      } catch {
        // The copy in memory stays.
      }
    },
  };
}

const drafts = place("parley.draft.");
const unsent = place("parley.unsent.");
export const { read: readDraft, write: writeDraft } = drafts;

/** A message goes on its way: no longer the draft, and not yet the server's. */
export function setUnsent(conversationId: string | null, text: string): void {
  unsent.write(conversationId, text);
  if (readDraft(conversationId).trim() === text) writeDraft(conversationId, "");
}

export const clearUnsent = (conversationId: string | null): void => unsent.write(conversationId, "");

/** What never arrived is a draft again, before what was typed since. @returns the draft */
export function takeBackUnsent(conversationId: string | null): string {
  const draft = readDraft(conversationId);
  const left = unsent.read(conversationId);
  if (left === "") return draft;
  const both = draft.trim() === "" || draft.trim() === left ? left : `${left}\n\n${draft}`;
  writeDraft(conversationId, both);
  clearUnsent(conversationId);
  return both;
}
