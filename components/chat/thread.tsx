"use client";
import { useChat } from "@ai-sdk/react";
import { ArrowDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { FeedbackQueue } from "@/components/feedback/queue.ts";
import { IconButton } from "@/components/ui/button.tsx";
import { Announcer } from "./announcer.tsx";
import { foldReply } from "./state/fold.ts";
import type { Session } from "./state/session.ts";
import { isBusy } from "./state/session-state.ts";
import { useStore } from "./state/store.ts";
import { TurnView } from "./turn-view.tsx";
import { turnsOf } from "./turns.ts";
import { UnsentMessage } from "./unsent.tsx";

type Props = {
  session: Session;
  queue: FeedbackQueue;
  whyId: string | null;
  onWhy: (messageId: string) => void;
  onOther: () => void;
  onTakeBack: (text: string) => void;
  onMoveOn: () => void;
};

/** The conversation, newest last. A new turn goes to the top of the page and its reply grows into free space: nothing moves. */
export function Thread({ session, queue, whyId, onWhy, onOther, onTakeBack, onMoveOn }: Props) {
  const { messages, status } = useChat({ chat: session.chat, throttle: 40 });
  const state = useStore(session.store);
  const busy = isBusy(status, state);
  const turns = turnsOf(messages);
  const last = turns.at(-1);
  const scroller = useRef<HTMLDivElement>(null);
  const [pinned, setPinned] = useState<string | null>(null);
  const atEnd = useAtEnd(scroller);

  // A turn that begins here takes the top of the page; one that was there when the page came is shown from its end.
  const lastKey = last?.key ?? null;
  useEffect(() => {
    if (busy && lastKey !== null) setPinned(lastKey);
  }, [busy, lastKey]);
  useEffect(() => {
    const element = scroller.current?.querySelector<HTMLElement>(`[data-turn="${CSS.escape(pinned ?? "")}"]`);
    // Not scrollIntoView: it moves every ancestor, the page's own frame included.
    if (element) scroller.current?.scrollTo({ top: element.offsetTop - 24, behavior: "smooth" });
  }, [pinned]);
  const came = state.view !== null && pinned === null;
  useEffect(() => {
    if (came) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [came]);

  return (
    <div className="relative min-h-0 flex-1 [container-type:size]">
      <h1 className="sr-only">{state.view?.title ?? "Conversation"}</h1>
      <div
        ref={scroller}
        className="relative h-full overflow-y-auto overscroll-contain thin-scroll"
        data-testid="thread"
      >
        <div className="mx-auto flex w-full max-w-[720px] flex-col gap-8 px-4 py-6 sm:px-6">
          {turns.map((turn) => (
            <TurnView
              key={turn.key}
              turn={turn}
              last={turn === last}
              pinned={turn === last && pinned === turn.key}
              busy={busy}
              session={session}
              state={state}
              queue={queue}
              whyId={whyId}
              onWhy={onWhy}
              onOther={onOther}
            />
          ))}
          {state.unsent === null ? null : (
            <UnsentMessage
              unsent={state.unsent}
              busy={busy}
              onRetry={() => void session.retry()}
              gone={state.gone}
              onTakeBack={() => {
                const draft = session.takeBack();
                if (draft !== null) onTakeBack(draft);
              }}
              onMoveOn={onMoveOn}
            />
          )}
        </div>
      </div>
      {/* What goes on below the field fades instead of being cut. */}
      <div
        aria-hidden
        className="pointer-events-none absolute right-3 bottom-0 left-0 h-5 bg-linear-to-t from-paper to-transparent"
      />
      {atEnd ? null : (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <IconButton
            label="To the end"
            className="pointer-events-auto border border-line bg-card shadow-pop"
            onClick={() => scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: "smooth" })}
          >
            <ArrowDown className="size-4" />
          </IconButton>
        </div>
      )}
      <Announcer
        turn={lastKey}
        view={last === undefined ? null : foldReply(last.reply, busy)}
        live={busy}
        connection={state.connection}
      />
    </div>
  );
}

/** Is the end of the thread in sight, give or take a few lines? */
function useAtEnd(scroller: React.RefObject<HTMLDivElement | null>): boolean {
  const [atEnd, setAtEnd] = useState(true);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 120);
    const observer = new ResizeObserver(look);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller]);
  return atEnd;
}
