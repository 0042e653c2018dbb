"use client";
import { useChat } from "@ai-sdk/react";
import { type RefObject, Suspense, useEffect } from "react";
import type { FeedbackQueue } from "@/components/feedback/queue.ts";
import type { Settings } from "@/lib/shared/chat.ts";
import { Composer } from "./composer.tsx";
import { Empty } from "./empty.tsx";
import { Notice } from "./notice.tsx";
import { Goal, Thread } from "./parts.ts";
import type { Session } from "./state/session.ts";
import { isBusy } from "./state/session-state.ts";
import { useStore } from "./state/store.ts";
import { useGoal } from "./use-goal.ts";

type Props = {
  session: Session;
  queue: FeedbackQueue;
  settings: Settings | null;
  whyId: string | null;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  onWhy: (messageId: string) => void;
  onMode: () => void;
  onNew: () => void;
};

/** One conversation: its thread, or the page before its first word, and the field to write in. */
export function Chat({ session, queue, settings, whyId, inputRef, onWhy, onMode, onNew }: Props) {
  const { status, messages } = useChat({ chat: session.chat, throttle: 40 });
  const state = useStore(session.store);
  const busy = isBusy(status, state);
  const last = messages.at(-1);
  const whole = last?.role === "assistant" && !busy ? last.id : null;
  const goal = useGoal(state.conversationId, whole, state.view?.askGoal === true);
  const focus = () => inputRef.current?.focus();
  const give = (text: string) => {
    session.store.set({ given: { text } });
    focus();
  };
  const fresh = messages.length === 0 && state.unsent === null && state.loading === "no" && !busy;
  const questioned = last?.parts.some((part) => part.type === "data-decision" && part.data.quickReplies.length > 0);

  useEffect(() => {
    document.title = state.view === null ? "Parley" : `${state.view.title} · Parley`;
  }, [state.view]);

  if (state.loading === "missing" || state.loading === "failed") {
    return <Lost missing={state.loading === "missing"} why={state.why} onRetry={session.refresh} onNew={onNew} />;
  }
  return (
    <>
      {fresh ? (
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          <Empty onPick={(text) => void session.send(text)} />
        </div>
      ) : (
        <Suspense fallback={<div className="flex-1" />}>
          <Thread
            session={session}
            queue={queue}
            whyId={whyId}
            onWhy={onWhy}
            onOther={focus}
            onTakeBack={give}
            onMoveOn={() => {
              session.moveOn();
              onNew();
            }}
          />
        </Suspense>
      )}
      <div className="mx-auto grid w-full max-w-[720px] grid-cols-[minmax(0,1fr)] gap-2.5 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6 sm:pb-5">
        {state.problem === null ? null : (
          <div role="alert">
            <Notice
              tone="bad"
              title={state.problem}
              acts={[{ label: "Close", onClick: () => session.store.set({ problem: null }) }]}
            />
          </div>
        )}
        {goal.replyId !== null ? (
          <Suspense>
            <Goal
              onSay={(body) => {
                goal.said();
                if (whole !== null) queue.add(whole, body);
              }}
              onClose={goal.close}
            />
          </Suspense>
        ) : null}
        <Composer
          conversationId={state.conversationId}
          inputRef={inputRef}
          busy={busy}
          stopping={state.stopping}
          blocked={state.unsent === null ? null : "One message is not sent yet"}
          placeholder={questioned ? "Reply, or pick one above" : "Write a message"}
          given={state.given}
          modeLabel={modeLabel(settings)}
          onMode={onMode}
          onSend={(text) => {
            // A turn began between two drawings: what the field has let go of goes back into it.
            if (session.send(text) === null) give(text);
          }}
          onStop={() => void session.stop()}
        />
        <p className="text-balance text-center text-[12.5px] text-ink-3 max-sm:hidden">
          Imagined turns are always marked. Parley can be wrong: check what matters.
        </p>
      </div>
    </>
  );
}

const asking = { never: "never asks", rarely: "rarely asks", balanced: "asks when it pays", often: "asks often" };

function modeLabel(settings: Settings | null): string {
  if (settings === null) return "Settings";
  const preset = settings.preset.charAt(0).toUpperCase() + settings.preset.slice(1);
  return settings.preset === "direct" ? preset : `${preset}, ${asking[settings.asking]}`;
}

type LostProps = { missing: boolean; why: string | null; onRetry: () => Promise<void>; onNew: () => void };

function Lost({ missing, why, onRetry, onNew }: LostProps) {
  return (
    <div className="grid flex-1 place-items-center p-6 *:max-w-[36rem]">
      <Notice
        tone="calm"
        title={missing ? "There is no such conversation" : "This conversation can't be shown"}
        acts={
          missing
            ? [{ label: "New conversation", onClick: onNew }]
            : [
                { label: "Try again", onClick: () => void onRetry() },
                { label: "New conversation", onClick: onNew },
              ]
        }
      >
        {missing ? "It may have been deleted, or it belongs to someone else." : why}
      </Notice>
    </div>
  );
}
