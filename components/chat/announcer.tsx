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

type Props = {
  /** The last turn's key; null where there is none. */
  turn: string | null;
  view: ReplyView | null;
  live: boolean;
  connection: "ok" | "lost";
};

/** How much of which reply was told; `before` is the reply that stood there when its turn began. */
type Told = { turn: string | null; id: string; before: string; stage: string; upTo: number; done: boolean };
const nothing: Told = { turn: null, id: "", before: "", stage: "", upTo: 0, done: true };

/** Is it another turn than the one that is told, or another reply of the same one? A reply that gets its name is neither. */
function begins(told: Told, turn: string | null, id: string): boolean {
  if (told.turn !== turn) return true;
  // What stands there already stands there for a moment more when a turn begins.
  if (told.done) return id === "" || id !== told.id;
  return told.id !== "" && id !== "" && id !== told.id;
}

/**
 * What a screen reader says of a turn: its stages by name (not every number), then the reply phrase by phrase. A polite region,
 * outside of everything that changes, and one beside it for the connection: neither takes the other's words away.
 */
export function Announcer({ turn, view, live, connection }: Props) {
  const [said, setSaid] = useState("");
  const told = useRef<Told>({ ...nothing });

  useEffect(() => {
    const id = view?.id ?? "";
    // A turn was refused, and its thread is back a moment before the refusal is: what stands there was told before.
    if (live && id !== "" && id === told.current.before) return;
    if (live && begins(told.current, turn, id)) {
      told.current = { ...nothing, turn, before: told.current.id, done: false };
    }
    const now = told.current;
    now.id = id || now.id;
    if (now.done) {
      now.turn = turn;
      return;
    }
    if (!live && (view === null || now.turn !== turn || (id !== "" && id === now.before))) {
      // What was asked for came to nothing. The reply that is last now was told before.
      told.current = { ...nothing, turn, id };
      setSaid("");
      return;
    }
    if (view === null) return;
    const stage = view.stage?.stage ?? "reading";
    if (live && stage !== now.stage && view.text === "") {
      now.stage = stage;
      setSaid(stageWords(view.stage).replace(/,? \d+ of \d+$/, ""));
      return;
    }
    const { phrase, upTo } = phrasesAfter(view.text, now.upTo, !live);
    const head = now.upTo === 0 ? headOf(view) : "";
    const end = live ? "" : endOf(view);
    now.upTo = upTo;
    now.done = !live;
    const words = [phrase === "" ? "" : head, phrase, end].filter((each) => each !== "").join(" ");
    // A turn that came to nothing (a message that was not taken) leaves no word of itself behind.
    if (words !== "" || !live) setSaid(words);
  }, [turn, view, live]);

  return (
    <>
      <div aria-live="polite" aria-atomic="true" className="sr-only" data-testid="announcer">
        {said}
      </div>
      <div aria-live="polite" className="sr-only">
        {useConnectionWords(connection)}
      </div>
    </>
  );
}

/** The loss of the connection, then its return; "" where it was never lost. */
function useConnectionWords(connection: "ok" | "lost"): string {
  const [wasLost, setWasLost] = useState(false);
  if (connection === "lost" && !wasLost) setWasLost(true);
  if (connection === "lost") return "Connection lost, reconnecting";
  return wasLost ? "Connected again" : "";
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
