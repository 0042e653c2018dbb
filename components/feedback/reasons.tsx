"use client";
import { Check } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Chip } from "@/components/ui/chip.tsx";
import { answerReasons, type FeedbackBody, questionReasons, reasonLabels } from "@/lib/shared/feedback.ts";
import { asks, type Kind } from "@/lib/shared/kinds.ts";
import type { Given } from "./use-feedback.ts";

type Props = { kind: Kind | null; given: Given; onSay: (body: FeedbackBody) => void; onClose: () => void };

/** What can be said with a thumb up is little: that a question was needed. The rest are complaints. */
function offeredFor(kind: Kind | null, up: boolean): Reason[] {
  const reasons: readonly Reason[] = kind !== null && asks(kind) ? questionReasons : answerReasons;
  return reasons.filter((reason) => (reason === "needed" ? up : !up));
}

type Reason = keyof typeof reasonLabels;

export const textLimit = 1_000;

/** Optional, under a thumb: why, in chips that differ for questions and answers, and in the person's own words. */
export function Reasons({ kind, given, onSay, onClose }: Props) {
  const [text, setText] = useState(given.text ?? "");
  const offered = offeredFor(kind, given.thumb === "up");
  const chosen = offered.filter((reason) => given.reasons.includes(reason));
  const saved = text.trim() === (given.text ?? "").trim();
  const save = () => saved || onSay({ kind: "text", value: text.trim() === "" ? null : text.trim() });
  return (
    <section
      aria-label="Feedback"
      data-testid="reasons"
      className="mt-3 animate-rise rounded-2xl border border-line bg-card p-4 text-sm"
    >
      <p className="mb-2.5 text-ink-2">
        {given.thumb === "up" ? "What was good about it?" : "What was off?"} Optional.
      </p>
      <div className="flex flex-wrap gap-2">
        {offered.map((reason) => {
          const on = chosen.includes(reason);
          return (
            <Chip
              key={reason}
              pressed={on}
              className="text-[13.5px]"
              onClick={() =>
                onSay({ kind: "reason", value: on ? chosen.filter((each) => each !== reason) : [...chosen, reason] })
              }
            >
              {reasonLabels[reason]}
            </Chip>
          );
        })}
      </div>
      <form
        className="mt-3"
        onSubmit={(event) => {
          event.preventDefault();
          save();
          onClose();
        }}
      >
        <textarea
          aria-label="In your own words"
          placeholder="In your own words"
          value={text}
          maxLength={textLimit}
          rows={2}
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
          className="block w-full resize-y rounded-xl border border-line bg-paper px-3 py-2 text-base leading-normal outline-offset-0 placeholder:text-ink-3 sm:text-[14.5px]"
        />
        <div className="mt-2.5 flex items-center gap-2">
          <Button small look="solid" type="submit">
            Done
          </Button>
          <span role="status" className="ml-auto flex items-center gap-1.5 text-[13px] text-ink-3 tabular-nums">
            {saved && (text !== "" || chosen.length > 0) ? (
              <>
                <Check className="size-3.5" /> Noted, thank you
              </>
            ) : text.length > textLimit - 200 ? (
              `${text.length} of ${textLimit}`
            ) : null}
          </span>
        </div>
      </form>
    </section>
  );
}
