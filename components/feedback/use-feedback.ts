"use client";
import { useState } from "react";
import type { MessageView } from "@/lib/shared/chat.ts";
import type { FeedbackBody } from "@/lib/shared/feedback.ts";

export type Given = MessageView["feedback"];
export type SendFeedback = (messageId: string, body: FeedbackBody) => void;

const nothing: Given = { thumb: null, reasons: [], text: null };

/** What a person has said about one reply: the server's state, overlaid at once by what was just said here. */
export function useFeedback(
  messageId: string,
  server: Given | undefined,
  pending: readonly FeedbackBody[],
  send: SendFeedback,
) {
  const [local, setLocal] = useState<Partial<Given>>(() => overlay(pending));
  const given: Given = { ...(server ?? nothing), ...local };
  return {
    given,
    say(body: FeedbackBody): void {
      setLocal((before) => ({ ...before, ...overlay([body]) }));
      send(messageId, body);
    },
  };
}

function overlay(bodies: readonly FeedbackBody[]): Partial<Given> {
  const given: Partial<Given> = {};
  for (const body of bodies) {
    if (body.kind === "thumb") given.thumb = body.value;
    if (body.kind === "reason") given.reasons = body.value;
    if (body.kind === "text") given.text = body.value;
  }
  return given;
}
