"use client";
import type { FeedbackQueue } from "@/components/feedback/queue.ts";
import { cx } from "@/components/ui/cx.ts";
import type { MessageView } from "@/lib/shared/chat.ts";
import { Notice } from "./notice.tsx";
import { Reply } from "./reply.tsx";
import { api } from "./state/api.ts";
import { foldReply } from "./state/fold.ts";
import { textOf } from "./state/message.ts";
import type { Session } from "./state/session.ts";
import type { SessionState } from "./state/session-state.ts";
import { siblingsOf } from "./state/tree.ts";
import type { Turn } from "./turns.ts";
import { UserMessage } from "./user-message.tsx";

type Props = {
  turn: Turn;
  last: boolean;
  /** Takes the top of the page, whatever its length: it began here. */
  pinned: boolean;
  busy: boolean;
  session: Session;
  state: SessionState;
  queue: FeedbackQueue;
  whyId: string | null;
  onWhy: (messageId: string) => void;
  onOther: () => void;
};

const none: MessageView[] = [];

/** A request and what came of it. */
export function TurnView({ turn, last, pinned, busy, session, state, queue, whyId, onWhy, onOther }: Props) {
  const { user, reply } = turn;
  const live = busy && last;
  const views = state.view?.messages ?? none;
  const parentOf = (id: string) => views.find((view) => view.id === id)?.parentId ?? null;
  return (
    <section data-turn={turn.key} className={cx(pinned && "min-h-[calc(100cqh-3rem)]")}>
      {user === null ? null : (
        <UserMessage
          id={user.id}
          text={textOf(user)}
          siblings={siblingsOf(views, user.id, user.metadata?.parentId ?? parentOf(user.id), "user")}
          busy={busy}
          blocked={state.unsent === null ? null : "One message is not sent yet"}
          reopened={state.reopened === user.id}
          onLetGo={() => session.letGo(user.id)}
          onEdit={(text) => session.edit(user.id, text) !== null}
          onShow={(id) => void session.showBranch(id)}
        />
      )}
      <div className="mt-1">
        {reply === null && !live ? (
          <NoReply show={last && state.unsent === null} onGoOn={() => void session.rerun("regenerate", turn.key)} />
        ) : (
          <Reply
            key={reply?.id ?? "coming"}
            view={foldReply(reply, live)}
            last={last}
            messageId={reply?.id ?? ""}
            siblings={reply === null ? [] : siblingsOf(views, reply.id, user?.id ?? null, "assistant")}
            busy={busy}
            unsent={state.unsent !== null}
            connection={live ? state.connection : "ok"}
            hurrying={state.hurrying}
            stopping={state.stopping}
            whyOpen={reply !== null && whyId === reply.id}
            feedback={views.find((view) => view.id === reply?.id)?.feedback}
            pendingFeedback={reply === null ? [] : queue.pending(reply.id)}
            onFeedback={queue.add}
            onWhy={() => reply && onWhy(reply.id)}
            onAgain={() => reply && void session.rerun("regenerate", reply.id)}
            onGoOn={() => reply && void session.rerun("resume", reply.id)}
            onShow={(id) => {
              if (reply) void api.implicit(reply.id, "branch").catch(() => undefined);
              void session.showBranch(id);
            }}
            onCopied={() => reply && void api.implicit(reply.id, "copy").catch(() => undefined)}
            onAnswerNow={() => void session.answerNow()}
            onStop={() => void session.stop()}
            onQuickReply={(text) => void session.send(text)}
            onOther={onOther}
          />
        )}
      </div>
    </section>
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
