"use client";
import { useChat } from "@ai-sdk/react";
import { ArrowDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { FeedbackQueue } from "@/components/feedback/queue.ts";
import { IconButton } from "@/components/ui/button.tsx";
import { cx } from "@/components/ui/cx.ts";
import { Announcer } from "./announcer.tsx";
import { Notice } from "./notice.tsx";
import { Reply } from "./reply.tsx";
import { api } from "./state/api.ts";
import { foldReply } from "./state/fold.ts";
import { textOf } from "./state/message.ts";
import type { Session } from "./state/session.ts";
import { useStore } from "./state/store.ts";
import { siblingsOf } from "./state/tree.ts";
import { type Turn, turnsOf } from "./turns.ts";
import { UnsentMessage } from "./unsent.tsx";
import { UserMessage } from "./user-message.tsx";

type Props = {
  session: Session;
  queue: FeedbackQueue;
  whyId: string | null;
  onWhy: (messageId: string) => void;
  onOther: () => void;
  onTakeBack: (text: string) => void;
};

/** The conversation, newest last. A new turn goes to the top of the page and its reply grows into free space: nothing moves. */
export function Thread({ session, queue, whyId, onWhy, onOther, onTakeBack }: Props) {
  const { messages, status } = useChat({ chat: session.chat, throttle: 40 });
  const state = useStore(session.store);
  const busy = status === "submitted" || status === "streaming";
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
  const loaded = state.view !== null;
  useEffect(() => {
    if (loaded) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [loaded]);

  const views = state.view?.messages ?? [];
  const drawn = (turn: Turn) => {
    const live = busy && turn === last;
    const reply = foldReply(turn.reply, live);
    const replyId = turn.reply?.id ?? null;
    const parentOf = (id: string) => views.find((view) => view.id === id)?.parentId ?? null;
    return (
      <section
        key={turn.key}
        data-turn={turn.key}
        className={cx(turn === last && pinned === turn.key && "min-h-[calc(100cqh-3rem)]")}
      >
        {turn.user === null ? null : (
          <UserMessage
            id={turn.user.id}
            text={textOf(turn.user)}
            siblings={siblingsOf(views, turn.user.id, turn.user.metadata?.parentId ?? parentOf(turn.user.id), "user")}
            busy={busy}
            onEdit={(text) => void session.edit(turn.user?.id ?? "", text)}
            onShow={(id) => void session.showBranch(id)}
          />
        )}
        <div className="mt-1">
          {turn.reply === null && !live ? (
            <NoReply
              show={turn === last && state.unsent === null}
              onGoOn={() => void session.rerun("regenerate", turn.key)}
            />
          ) : (
            <Reply
              key={replyId ?? "coming"}
              view={reply}
              last={turn === last}
              messageId={replyId ?? ""}
              siblings={replyId === null ? [] : siblingsOf(views, replyId, turn.user?.id ?? null, "assistant")}
              busy={busy}
              connection={live ? state.connection : "ok"}
              hurrying={state.hurrying}
              stopping={state.stopping}
              whyOpen={whyId !== null && whyId === replyId}
              feedback={views.find((view) => view.id === replyId)?.feedback}
              pendingFeedback={replyId === null ? [] : queue.pending(replyId)}
              onFeedback={queue.add}
              onWhy={() => replyId && onWhy(replyId)}
              onAgain={() => replyId && void session.rerun("regenerate", replyId)}
              onGoOn={() => replyId && void session.rerun("resume", replyId)}
              onShow={(id) => {
                if (replyId) void api.implicit(replyId, "branch").catch(() => undefined);
                void session.showBranch(id);
              }}
              onCopied={() => replyId && void api.implicit(replyId, "copy").catch(() => undefined)}
              onAnswerNow={() => void session.answerNow()}
              onStop={() => void session.stop()}
              onQuickReply={(text) => void session.send(text)}
              onOther={onOther}
            />
          )}
        </div>
      </section>
    );
  };

  return (
    <div className="relative min-h-0 flex-1 [container-type:size]">
      <h1 className="sr-only">{state.view?.title ?? "Conversation"}</h1>
      <div
        ref={scroller}
        className="relative h-full overflow-y-auto overscroll-contain thin-scroll"
        data-testid="thread"
      >
        <div className="mx-auto flex w-full max-w-[720px] flex-col gap-8 px-4 py-6 sm:px-6 sm:py-8">
          {turns.map(drawn)}
          {state.unsent === null ? null : (
            <UnsentMessage
              unsent={state.unsent}
              busy={busy}
              onRetry={() => void session.retry()}
              onTakeBack={() => onTakeBack(session.takeBack())}
            />
          )}
        </div>
      </div>
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
      <Announcer view={last === undefined ? null : foldReply(last.reply, busy)} live={busy} />
    </div>
  );
}

/** A request without any reply: its run died before it said a word. */
function NoReply({ show, onGoOn }: { show: boolean; onGoOn: () => void }) {
  if (!show) return null;
  return (
    <Notice tone="calm" testid="cut" title="No reply yet" acts={[{ label: "Go on", onClick: onGoOn }]}>
      This turn ended before it had an answer. Your message is kept.
    </Notice>
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
