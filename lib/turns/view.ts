import type { ConversationSummary, ConversationView, MessageView } from "../shared/chat.ts";
import { notFound } from "../shared/refusal.ts";
import { findConversation, listConversations } from "../store/conversations.ts";
import { readJournal } from "../store/events.ts";
import { listFeedback } from "../store/feedback.ts";
import { listMessages } from "../store/messages.ts";
import { findLiveRun } from "../store/runs.ts";
import type { Chunk } from "./chunk.ts";
import { fold, partsOf } from "./fold.ts";
import { isQuietMoment } from "./quiet-moment.ts";
import { foldFeedback, noFeedback } from "./said.ts";

type Row = Awaited<ReturnType<typeof listMessages>>[number];

/** The viewer's conversations, pinned ones first, then newest first. */
export async function viewConversations(viewerId: string): Promise<ConversationSummary[]> {
  return (await listConversations(viewerId)).map(summaryOf);
}

export function summaryOf(row: { id: string; title: string; updatedAt: Date; pinned: boolean }): ConversationSummary {
  return { id: row.id, title: row.title, updatedAt: row.updatedAt.toISOString(), pinned: row.pinned };
}

/** Every message of a conversation, the live reply as its journal stands now. @throws Refusal 404 */
export async function viewConversation(viewerId: string, id: string): Promise<ConversationView> {
  // The live run first, the messages last: a reply that ends in between is found among them, and so is the branch's leaf.
  const live = await findLiveRun(viewerId, id);
  const conversation = await findConversation(viewerId, id);
  if (!conversation) throw notFound("conversation");
  const leafId = live && conversation.leafId === live.userMessageId ? live.messageId : conversation.leafId;
  const [rows, feedbackRows] = await Promise.all([listMessages(viewerId, id), listFeedback(viewerId, id)]);
  const feedback = foldFeedback(feedbackRows);
  const running = live && !rows.some((row) => row.id === live.messageId) ? live : null;
  const messages = withoutBlanks(rows, running?.userMessageId).map((row) => messageViewOf(row, feedback));
  if (running) messages.push(await liveMessage(running));
  return {
    id: conversation.id,
    title: conversation.title,
    createdAt: conversation.createdAt.toISOString(),
    updatedAt: conversation.updatedAt.toISOString(),
    pinned: conversation.pinned,
    leafId,
    messages,
    liveRun: running ? { runId: running.id, userMessageId: running.userMessageId, messageId: running.messageId } : null,
    askGoal: !running && isQuietMoment(rows, leafId, feedbackRows),
  };
}

/** A reply that never came to a word is told until there is another to the same message; then it is no branch worth showing. */
function withoutBlanks(rows: readonly Row[], liveParent: string | undefined): Row[] {
  const newest = new Map<string | null, string>();
  for (const row of rows) if (row.role === "assistant") newest.set(row.parentId, row.id);
  const answered = new Set(rows.map((row) => row.parentId));
  return rows.filter(
    (row) =>
      row.role === "user" ||
      row.text !== "" ||
      // Somebody went on below it: taking it away would cut the branch.
      answered.has(row.id) ||
      (newest.get(row.parentId) === row.id && row.parentId !== liveParent),
  );
}

function messageViewOf(row: Row, feedback: ReturnType<typeof foldFeedback>): MessageView {
  return {
    id: row.id,
    role: row.role,
    parentId: row.parentId,
    createdAt: row.createdAt.toISOString(),
    text: row.text,
    kind: row.kind,
    state: row.insteadOfId ? "done" : (row.run?.state ?? (row.role === "assistant" ? "done" : null)),
    runId: row.run?.id ?? null,
    parts: row.parts as MessageView["parts"],
    feedback: feedback.get(row.id) ?? noFeedback,
  };
}

async function liveMessage(run: {
  id: string;
  messageId: string;
  userMessageId: string;
  startedAt: Date;
}): Promise<MessageView> {
  const folded = fold((await readJournal(run.id)).map((event) => event.payload as Chunk));
  return {
    id: run.messageId,
    role: "assistant",
    parentId: run.userMessageId,
    createdAt: run.startedAt.toISOString(),
    text: folded.text,
    kind: null,
    state: "running",
    runId: run.id,
    parts: partsOf(folded),
    feedback: noFeedback,
  };
}
