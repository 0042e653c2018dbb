import { cx } from "@/components/ui/cx.ts";
import type { DecisionPart } from "@/lib/shared/events.ts";
import { percent } from "./numbers.ts";
import { kindNames, whyLabel } from "./words.ts";

type Props = { decision: DecisionPart; open: boolean; onOpen: () => void };

/** The quiet door under every reply: the candidates as small bars (height: probability of being best), and what was done. */
export function WhyButton({ decision, open, onOpen }: Props) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-expanded={open}
      data-testid="why"
      title="Why this reply?"
      className={cx(
        "inline-flex h-8 min-w-0 items-center gap-2 rounded-lg border px-2.5 text-[13px] transition-colors duration-150 pointer-coarse:h-10",
        open
          ? "border-accent bg-accent-soft text-ink"
          : "border-line bg-card text-ink-2 hover:border-line-2 hover:text-ink",
      )}
    >
      <Spark decision={decision} />
      <span className="sr-only">Why: </span>
      <span className="truncate">{whyLabel(decision)}</span>
    </button>
  );
}

/** A single candidate had no rival: its bar says nothing but that. */
function heightOf(rivals: number, each: { best: number | null; chosen: boolean }): number {
  if (rivals === 1) return 1;
  return each.best ?? (each.chosen ? 1 : 0.3);
}

function Spark({ decision }: { decision: DecisionPart }) {
  const known = decision.candidates.length > 0 ? decision.candidates : [{ ...decision.chosen, best: 1, chosen: true }];
  return (
    <span aria-hidden className="flex h-3.5 items-end gap-[2px]">
      {known.map((each) => (
        <i
          key={each.id}
          title={each.best === null ? kindNames[each.kind] : `${kindNames[each.kind]}, ${percent(each.best)}`}
          className={cx("w-1 rounded-[1px]", each.chosen ? "bg-accent" : "bg-line-2")}
          style={{ height: `${4 + 10 * (heightOf(known.length, each))}px` }}
        />
      ))}
    </span>
  );
}
