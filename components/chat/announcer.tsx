"use client";
import { useEffect, useRef, useState } from "react";
import { kindHeads } from "@/components/lookahead/words.ts";
import { failedWords, type ReplyView, stageWords } from "./state/fold.ts";

/** Whole phrases of `text` after `from`: up to the last end of a sentence or line. Markdown's signs are not read out. */
export function phrasesAfter(text: string, from: number, finished: boolean): { phrase: string; upTo: number } {
  const rest = text.slice(from);
  const end = finished ? rest.length : lastEnd(rest);
  const phrase = rest
    .slice(0, end)
    .replace(/[*_`#>|]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return { phrase, upTo: from + end };
}

function lastEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(/[.!?:…。！？](?=\s)|\n/g)) end = match.index + match[0].length;
  return end;
}

/**
 * What a screen reader says of a turn: its stages by name (not every number), then the reply phrase by phrase. One polite region,
 * outside of everything that changes.
 */
export function Announcer({ view, live }: { view: ReplyView | null; live: boolean }) {
  const [said, setSaid] = useState("");
  const told = useRef({ id: "", stage: "", upTo: 0, done: true });

  useEffect(() => {
    if (view === null) return;
    const memory = told.current;
    if (live && (memory.done || (view.id !== null && memory.id !== "" && memory.id !== view.id))) {
      told.current = { id: view.id ?? "", stage: "", upTo: 0, done: false };
    }
    const now = told.current;
    if (now.done) return;
    if (view.id !== null) now.id = view.id;
    const stage = view.stage?.stage ?? "reading";
    if (live && stage !== now.stage && view.text === "") {
      now.stage = stage;
      setSaid(stageWords(view.stage).replace(/,? \d+ of \d+$/, ""));
      return;
    }
    const finished = !live || view.phase === "done";
    const { phrase, upTo } = phrasesAfter(view.text, now.upTo, finished);
    const head = now.upTo === 0 ? headOf(view) : "";
    const end = finished ? endOf(view) : "";
    now.upTo = upTo;
    now.done = finished;
    const words = [phrase === "" ? "" : head, phrase, end].filter((each) => each !== "").join(" ");
    // A turn that came to nothing (a message that was not taken) leaves no word of itself behind.
    if (words !== "" || finished) setSaid(words);
  }, [view, live]);

  return (
    <div aria-live="polite" aria-atomic="true" className="sr-only" data-testid="announcer">
      {said}
    </div>
  );
}

function headOf(view: ReplyView): string {
  const head = view.decision === null ? null : kindHeads[view.decision.chosen.kind];
  return head === null ? "Parley:" : `${head}:`;
}

function endOf(view: ReplyView): string {
  if (view.error !== null && view.state === "failed") return `${failedWords(view)}. ${view.error.message}`;
  if (view.state === "stopped") return "Stopped.";
  if (view.state === "interrupted") return "Interrupted.";
  const replies = view.decision?.quickReplies.length ?? 0;
  return replies > 0 ? `${replies} quick replies.` : "";
}
