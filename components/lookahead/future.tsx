"use client";
import { useState } from "react";
import { cx } from "@/components/ui/cx.ts";
import { isLonger } from "@/components/ui/longer.ts";
import type { IntentRecord, RolloutRecord } from "@/lib/shared/record.ts";
import { figure } from "./numbers.ts";

type Props = { rollout: RolloutRecord; intent: IntentRecord | undefined; worst: boolean };

/** More than this may not fit into the six lines that a turn is shown with at first. */
const short = { characters: 180, lines: 6 };

/** One imagined future: striped and headed "imagined", so that nobody takes it for something that was said. */
export function Future({ rollout, intent, worst }: Props) {
  const [whole, setWhole] = useState(false);
  const reading = intent === undefined || intent.other ? "something else" : intent.text;
  const turns = rollout.turns.map((turn) => ({ ...turn, text: turn.text.trim().replace(/\n{2,}/g, "\n") }));
  const long = turns.some(({ text }) => isLonger(text, short));
  return (
    <article className="stripes rounded-xl border border-line-2 border-dashed px-3.5 py-3 text-sm" data-testid="future">
      <header className="mb-2 flex items-baseline gap-3 text-[12.5px] text-ink-3">
        <span className="min-w-0">
          <b className="font-[620] text-ink-2">Imagined</b>
          {worst ? <b className="font-[620] text-warn"> · the worst one</b> : null}
          {` · if you meant: ${reading}`}
        </span>
        {rollout.reward === null ? null : (
          <span className="ml-auto shrink-0 tabular-nums">goal {figure(rollout.reward.extrinsic, null)} of 1</span>
        )}
      </header>
      {turns.map((turn, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: imagined turns are a fixed list and have no other name
        <p key={index} className="mt-1.5 grid grid-cols-[3.6rem_minmax(0,1fr)] gap-2 leading-relaxed">
          <span className={cx("text-[12.5px] leading-[1.85]", turn.role === "user" ? "text-ink-2" : "text-accent")}>
            {turn.role === "user" ? "You" : "Parley"}
          </span>
          {turn.text === "" ? (
            <span className="text-ink-2">say nothing more</span>
          ) : (
            <span className={cx("whitespace-pre-wrap break-words", long && !whole && "line-clamp-6")}>{turn.text}</span>
          )}
        </p>
      ))}
      {turns.length === 0 ? <p className="text-ink-2">Nothing more was said.</p> : null}
      {long ? (
        <button
          type="button"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
          className="mt-1 ml-[4.1rem] h-8 text-[13px] text-ink-2 underline decoration-line-2 underline-offset-3 hover:text-ink pointer-coarse:h-10"
        >
          {whole ? "Show less" : "Show all of it"}
        </button>
      ) : null}
    </article>
  );
}
