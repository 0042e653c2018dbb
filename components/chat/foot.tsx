"use client";
import { RotateCcw } from "lucide-react";
import { Suspense, useState } from "react";
import { Thumbs } from "@/components/feedback/thumbs.tsx";
import { type Given, type SendFeedback, useFeedback } from "@/components/feedback/use-feedback.ts";
import { count, duration, plural } from "@/components/lookahead/numbers.ts";
import { WhyButton } from "@/components/lookahead/why-button.tsx";
import { IconButton } from "@/components/ui/button.tsx";
import { cx } from "@/components/ui/cx.ts";
import type { DecisionPart } from "@/lib/shared/events.ts";
import type { FeedbackBody } from "@/lib/shared/feedback.ts";
import type { Kind } from "@/lib/shared/kinds.ts";
import { BranchSwitch } from "./branch-switch.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Reasons } from "./parts.ts";

export type FootProps = {
  messageId: string;
  text: string;
  kind: Kind | null;
  decision: DecisionPart | null;
  siblings: readonly string[];
  busy: boolean;
  whyOpen: boolean;
  feedback: Given | undefined;
  pendingFeedback: readonly FeedbackBody[];
  onFeedback: SendFeedback;
  onWhy: () => void;
  onAgain: () => void;
  onShow: (id: string) => void;
  onCopied: () => void;
};

/** The quiet line under a reply: why, copy, again, thumbs, versions, and what it cost. */
export function Foot(props: FootProps) {
  const { messageId, decision, busy } = props;
  const { given, say } = useFeedback(messageId, props.feedback, props.pendingFeedback, props.onFeedback);
  const [asking, setAsking] = useState(false);
  return (
    <footer>
      <div className="mt-3 flex min-h-8 flex-wrap items-center justify-between gap-x-3 gap-y-1 text-[13px] text-ink-3 tabular-nums">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 max-sm:contents">
          {decision === null ? null : (
            <span className="flex min-w-0 max-sm:w-full">
              <WhyButton decision={decision} open={props.whyOpen} onOpen={props.onWhy} />
            </span>
          )}
          <span className={cx("flex items-center", decision === null ? "-ml-2" : "max-sm:-ml-2")}>
            <CopyButton text={props.text} label="Copy reply" onCopied={props.onCopied} />
            <IconButton label="Answer again" disabled={busy} onClick={props.onAgain}>
              <RotateCcw className="size-4" />
            </IconButton>
            <Thumbs
              value={given.thumb}
              onChange={(value) => {
                say({ kind: "thumb", value });
                // Reasons belong to the thumb they were given with: under another one nobody sees them any more.
                if (given.reasons.length > 0) say({ kind: "reason", value: [] });
                setAsking(value !== null);
              }}
            />
            <BranchSwitch siblings={props.siblings} id={messageId} disabled={busy} onShow={props.onShow} what="reply" />
          </span>
        </div>
        {decision === null ? null : <span>{costOf(decision)}</span>}
      </div>
      {asking && given.thumb !== null ? (
        <Suspense>
          <Reasons kind={props.kind} given={given} onSay={say} onClose={() => setAsking(false)} />
        </Suspense>
      ) : null}
    </footer>
  );
}

function costOf({ calls, tokens, ms }: DecisionPart): string {
  return [plural(calls, "call"), `${count(tokens)} tokens`, duration(ms)].join(" · ");
}
