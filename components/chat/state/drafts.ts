import { z } from "zod";

/**
 * What a person typed and the server does not have yet, by conversation (an edit by its message). A draft is what stands in the
 * field, written at every keystroke; sending moves it to what is unsent, and that is erased only when the turn's stream names
 * the message. So neither a reload nor a lost network loses a word, whether it was typed in the field, picked, or an edit of an
 * earlier message.
 * Storage that is full or switched off makes both last as long as the page.
 */
const memory = new Map<string, string>();

function place(prefix: string) {
  const keyOf = (id: string | null) => prefix + (id ?? "new");
  /** What this tab last read or wrote: the person's other tabs share the place, and their words are theirs. */
  const own = new Map<string, string>();
  function stored(id: string | null): string {
    const key = keyOf(id);
    try {
      return memory.get(key) ?? localStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  }
  return {
    stored,
    isOwn: (id: string | null): boolean => stored(id) === (own.get(keyOf(id)) ?? ""),
    read(id: string | null): string {
      own.set(keyOf(id), stored(id));
      return stored(id);
    },
    write(id: string | null, text: string): void {
      const key = keyOf(id);
      own.set(key, text);
      try {
        if (text === "") localStorage.removeItem(key);
        else localStorage.setItem(key, text);
        // No copy beside the one in storage: another tab may change that.
        memory.delete(key);
      } catch {
        memory.set(key, text);
      }
    },
  };
}

const drafts = place("parley.draft.");
export const { read: readDraft, write: writeDraft } = drafts;

/** Other words for a message that was sent, by that message, while its editor is open. */
const edits = place("parley.edit.");
export const { read: readEdit, write: writeEdit } = edits;

/** An edit is over. The words of another tab that edits the same message stay. */
export function dropEdit(messageId: string): void {
  if (edits.isOwn(messageId)) writeEdit(messageId, "");
}

/** One after the other; what is empty, or the same again, adds nothing. */
function joined(first: string, then: string): string {
  if (first.trim() === "") return then;
  return then.trim() === "" || then.trim() === first.trim() ? first : `${first}\n\n${then}`;
}

/** Words typed before the page could keep any go after those that it kept before. @returns the draft */
export function addToDraft(conversationId: string | null, typed: string): string {
  const draft = joined(readDraft(conversationId), typed);
  writeDraft(conversationId, draft);
  return draft;
}

/** What stands in one conversation's field goes on in another's, after what stands there. Not what another tab has put there. */
export function moveDraft(from: string | null, to: string | null): void {
  const moved = drafts.stored(from);
  if (moved.trim() === "" || !drafts.isOwn(from)) return;
  writeDraft(to, joined(readDraft(to), moved));
  writeDraft(from, "");
}

/** What is on its way, by message: the person's tabs share this place, and one must not erase what another still has to send. */
const keptSchema = z.array(z.object({ id: z.string(), text: z.string() }));
type Kept = z.infer<typeof keptSchema>[number];
const unsent = place("parley.unsent.");

function readUnsent(conversationId: string | null): Kept[] {
  // Not as a reader of its own: this is asked while the server draws, too, and nothing may stay of that.
  const stored = unsent.stored(conversationId);
  if (stored === "") return [];
  try {
    return keptSchema.parse(JSON.parse(stored));
  } catch {
    // Bare text: written before messages were told apart.
    return [{ id: "", text: stored }];
  }
}

function writeUnsent(conversationId: string | null, kept: readonly Kept[]): void {
  unsent.write(conversationId, kept.length === 0 ? "" : JSON.stringify(kept));
}

const without = (kept: readonly Kept[], id: string) => kept.filter((each) => each.id !== id);

/** A message goes on its way: no longer the draft, and not yet the server's. */
export function setUnsent(conversationId: string | null, { id, text }: Kept): void {
  writeUnsent(conversationId, [...without(readUnsent(conversationId), id), { id, text }]);
  if (drafts.stored(conversationId).trim() === text) writeDraft(conversationId, "");
}

export function clearUnsent(conversationId: string | null, id: string): void {
  writeUnsent(conversationId, without(readUnsent(conversationId), id));
}

/** A message that never arrived is a draft again, before what was typed since. @returns the draft */
export function takeBackUnsent(conversationId: string | null, { id, text }: Kept): string {
  const draft = joined(text, readDraft(conversationId));
  writeDraft(conversationId, draft);
  clearUnsent(conversationId, id);
  return draft;
}

/** An edit that never arrived stands in its message's editor again. */
export function takeBackEdit(conversationId: string | null, { id, text }: Kept, messageId: string): void {
  writeEdit(messageId, joined(text, readEdit(messageId)));
  clearUnsent(conversationId, id);
}

/** The messages that an earlier page left unsent, as far as it knew. */
export const leftUnsent = (conversationId: string | null): string[] =>
  readUnsent(conversationId).map((each) => each.id);

/**
 * Of these messages, whatever is still unsent is the draft again, and what the server has by now is not kept any longer.
 * @returns the draft; null where nothing was taken back
 */
export function takeBackAll(
  conversationId: string | null,
  ids: readonly string[],
  arrived: ReadonlySet<string>,
): string | null {
  let draft: string | null = null;
  for (const kept of readUnsent(conversationId).toReversed()) {
    if (arrived.has(kept.id)) clearUnsent(conversationId, kept.id);
    else if (ids.includes(kept.id)) draft = takeBackUnsent(conversationId, kept);
  }
  return draft;
}

/** Everything was deleted: nothing that this browser keeps of it remains, and the page begins as for somebody who was never here. */
export function beginAnew(): void {
  memory.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("parley.")) localStorage.removeItem(key);
  } catch {
    // Storage that is switched off holds nothing.
  }
  window.location.replace("/");
}
