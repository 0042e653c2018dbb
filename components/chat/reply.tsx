"use client";
import { KindMark } from "@/components/lookahead/kind-mark.tsx";
import { Strip } from "@/components/lookahead/strip.tsx";
import { kindHeads } from "@/components/lookahead/words.ts";
import { Foot, type FootProps } from "./foot.tsx";
import { Markdown } from "./markdown.tsx";
import { Notice } from "./notice.tsx";
import { QuickReplies } from "./quick-replies.tsx";
import { failedWords, type ReplyView, stageWords } from "./state/fold.ts";

type Props = Omit<FootProps, "text" | "kind" | "decision"> & {
  view: ReplyView;
  last: boolean;
  /** A message waits to be sent: nothing else can be, so nothing else is offered. */
  unsent: boolean;
  connection: "ok" | "lost";
  hurrying: boolean;
  stopping: boolean;
  onAnswerNow: () => void;
  onStop: () => void;
  onGoOn: () => void;
  onQuickReply: (text: string) => void;
  onOther: () => void;
};

/** What the assistant did for one request: first how it is going about it, then its words, then what can be asked about them. */
export function Reply(props: Props) {
  const { view } = props;
  if (view.phase === "reading") return <ReadingLine connection={props.connection} />;
  if (view.phase === "looking") return <Strip {...props} {...view} words={stageWords(view.stage)} />;
  const kind = view.decision?.chosen.kind ?? null;
  const head = kind === null ? null : kindHeads[kind];
  const writing = view.phase === "writing";
  return (
    <article aria-label="Parley's reply" data-testid="reply" data-state={writing ? "writing" : view.state}>
      {head === null || kind === null || view.text === "" ? null : (
        <p className="mb-1.5 flex items-center gap-2 text-[13px] text-ink-2">
          <KindMark kind={kind} className="size-2.5" />
          {head}
        </p>
      )}
      {view.text === "" ? null : (
        // A reply that was chosen appears whole; words that are streamed are drawn where they stay.
        <div className={view.candidates.length > 0 ? "animate-rise" : undefined}>
          <Markdown text={view.text} streaming={writing} />
        </div>
      )}
      {writing ? <Writing lost={props.connection === "lost"} /> : <After {...props} />}
    </article>
  );
}

/** Exactly as high as the first line of a reply, which takes its place: a clear request never sees anything move. */
function ReadingLine({ connection }: { connection: "ok" | "lost" }) {
  return (
    <p className="flex items-center gap-2.5 text-ink-2" data-testid="reading">
      <span aria-hidden className="size-2.5 animate-breathe rounded-full bg-accent" />
      {connection === "lost" ? "Connection lost, reconnecting" : "Reading your request"}
    </p>
  );
}

function Writing({ lost }: { lost: boolean }) {
  return (
    <p className="mt-3 flex h-8 items-center gap-2.5 text-[13px] text-ink-3" aria-hidden={!lost}>
      <span className="size-2 animate-breathe rounded-full bg-accent" />
      {lost ? "Connection lost, reconnecting. Nothing is lost." : null}
    </p>
  );
}

function After(props: Props) {
  const { view, last } = props;
  const replies = view.decision?.quickReplies ?? [];
  const cut = view.state === "stopped" || view.state === "interrupted";
  return (
    <>
      {last && view.state === "done" && replies.length > 0 && !props.busy && !props.unsent ? (
        <QuickReplies replies={replies} onPick={props.onQuickReply} onOther={props.onOther} />
      ) : null}
      {cut ? (
        <div className="mt-3">
          <Notice
            tone="calm"
            testid="cut"
            title={view.state === "stopped" ? "Stopped" : "Interrupted"}
            acts={last && !props.busy ? [{ label: "Go on", onClick: props.onGoOn }] : []}
          >
            {view.state === "stopped"
              ? view.text === ""
                ? "You stopped it before it answered."
                : "You stopped this reply. What it said so far is kept."
              : `The server stopped while writing this reply. ${view.text === "" ? "Your message is kept." : "What it said so far is kept."}`}
          </Notice>
        </div>
      ) : null}
      {view.state === "done" && view.decision?.chosen.cut ? (
        <p data-testid="limit" className="mt-3 text-[13px] text-ink-3">
          Cut at the model's limit. Ask it to go on for the rest.
        </p>
      ) : null}
      {view.state === "failed" || (view.error !== null && !cut) ? (
        <div className="mt-3">
          <Notice
            tone="bad"
            testid="failed"
            title={failedWords(view)}
            acts={
              last && !props.busy && view.error?.retry !== false ? [{ label: "Try again", onClick: props.onGoOn }] : []
            }
          >
            {view.error?.message ?? "The model gave no answer. Your message is kept."}
          </Notice>
        </div>
      ) : null}
      {view.text === "" && view.decision === null ? null : (
        <Foot {...props} text={view.text} kind={view.decision?.chosen.kind ?? null} decision={view.decision} />
      )}
    </>
  );
}
