import { cx } from "@/components/ui/cx.ts";
import type { IntentRecord, RolloutRecord } from "@/lib/shared/record.ts";
import { figure } from "./numbers.ts";

type Props = { rollout: RolloutRecord; intent: IntentRecord | undefined; worst: boolean };

/** One imagined future: striped and headed "imagined", so that nobody takes it for something that was said. */
export function Future({ rollout, intent, worst }: Props) {
  const reading = intent === undefined || intent.other ? "something else" : intent.text;
  return (
    <article className="stripes rounded-xl border border-line-2 border-dashed px-3.5 py-3 text-sm" data-testid="future">
      <header className="mb-2 flex items-baseline gap-3 text-[12.5px] text-ink-3">
        <span className="min-w-0">
          <b className="font-[620] text-ink-2">Imagined</b>
          {worst ? <b className="font-[620] text-warn"> · the worst one</b> : null}
          {` · if you meant: ${reading}`}
        </span>
        {rollout.reward === null ? null : (
          <span className="ml-auto shrink-0 tabular-nums">goal {figure(rollout.reward.extrinsic, null)}</span>
        )}
      </header>
      {rollout.turns.map((turn, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: imagined turns are a fixed list and have no other name
        <p key={index} className="mt-1.5 grid grid-cols-[3.6rem_minmax(0,1fr)] gap-2 leading-relaxed">
          <span className={cx("text-[12.5px] leading-[1.85]", turn.role === "user" ? "text-ink-2" : "text-accent")}>
            {turn.role === "user" ? "You" : "Parley"}
          </span>
          <span className="line-clamp-6 whitespace-pre-wrap break-words">{turn.text.replace(/\n{2,}/g, "\n")}</span>
        </p>
      ))}
      {rollout.turns.length === 0 ? <p className="text-ink-2">Nothing more was said.</p> : null}
    </article>
  );
}
