import type { ChatStatus } from "ai";
import type { ConversationView } from "@/lib/shared/chat.ts";

/** What goes to the server. Only an edit has its place, beside what it says anew; all else goes to the thread's end as it is then. */
export type Outgoing = { id: string; text: string; parentId?: string | null; editOf?: string };

/** A message the server has not taken: shown at the end of the thread until it is sent again or taken back. */
export type Unsent = Outgoing & { why: string };

export type SessionState = {
  conversationId: string | null;
  view: ConversationView | null;
  loading: "no" | "yes" | "failed" | "missing";
  why: string | null;
  /** Deleted elsewhere while it is shown here: nothing can be sent in it any more. */
  gone: boolean;
  connection: "ok" | "lost";
  unsent: Unsent | null;
  /** Words to put into the field, kept as the draft already; changed by reference. */
  given: { text: string } | null;
  /** The message whose editor is open again with an edit that was not sent. */
  reopened: string | null;
  runId: string | null;
  /** A turn that began elsewhere is being opened: as busy as one whose words arrive. */
  following: boolean;
  stopping: boolean;
  hurrying: boolean;
  /** A call beside the stream that failed (stop, answer now, …), for the page to say. */
  problem: string | null;
};

export const stateOf = (conversationId: string | null): SessionState => ({
  conversationId,
  view: null,
  loading: conversationId === null ? "no" : "yes",
  why: null,
  gone: false,
  connection: "ok",
  unsent: null,
  given: null,
  reopened: null,
  runId: null,
  following: false,
  stopping: false,
  hurrying: false,
  problem: null,
});

/** Does a turn run here, or is one being opened? For drawing too, where `status` is the one that is drawn. */
export function isBusy(status: ChatStatus, { following }: SessionState): boolean {
  return following || status === "submitted" || status === "streaming";
}
