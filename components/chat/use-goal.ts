"use client";
import { useState } from "react";

/**
 * When the question about the goal is shown, and for which reply. Once shown it stays until it is closed or the conversation goes
 * on, whatever the server says meanwhile: after its first answer the server would not ask any more, and the second is still open.
 * A "not now" holds for this conversation, for good.
 * @param replyId the reply that is asked about; null where none is whole yet
 * @param ask does the server find this the moment to ask?
 */
export function useGoal(conversationId: string | null, replyId: string | null, ask: boolean) {
  const [shown, setShown] = useState<string | null>(null);
  const [closed, setClosed] = useState<string | null>(null);
  const [said, setSaid] = useState(false);
  if (ask && replyId !== null && shown !== replyId && closed !== replyId && !isDeclined(conversationId)) {
    setShown(replyId);
    setSaid(false);
  } else if (shown !== null && shown !== replyId) {
    setShown(null);
  }
  return {
    replyId: replyId !== null && shown === replyId && closed !== replyId ? replyId : null,
    said: () => setSaid(true),
    close: () => {
      setClosed(replyId);
      if (!said) decline(conversationId);
    },
  };
}

const keyOf = (conversationId: string | null) => `parley.goal.${conversationId}`;

function isDeclined(conversationId: string | null): boolean {
  try {
    return localStorage.getItem(keyOf(conversationId)) !== null;
  } catch {
    return false;
  }
}

function decline(conversationId: string | null): void {
  try {
    localStorage.setItem(keyOf(conversationId), "not now");
  } catch {
    // Then it lasts as long as the page.
  }
}
