import { cx } from "@/components/ui/cx.ts";
import type { CandidatePart, Cell } from "@/lib/shared/events.ts";
import { KindMark } from "./kind-mark.tsx";

type Props = { candidates: readonly CandidatePart[]; cells: readonly Cell[] };

/**
 * What is being tried, as the journal has it: a row a candidate, headed by the shape of its kind; a square for every imagined
 * follow-up of it, which fills when that future is played out. Until there are any, the shapes show which drafts are there.
 */
export function Cells({ candidates, cells }: Props) {
  const rows = candidates.filter((each) => each.state !== "failed").slice(0, 4);
  return (
    <span aria-hidden className="grid w-fit content-center gap-[3px]">
      {rows.map((candidate) => (
        <span
          key={candidate.id}
          className={cx(
            "flex items-center gap-[3px] transition-opacity",
            candidate.state === "dropped" && "opacity-40",
          )}
        >
          <KindMark
            kind={candidate.kind}
            className={cx("mr-[3px] size-[9px]", candidate.state === "drafting" && "animate-breathe")}
          />
          {ofCandidate(cells, candidate.id).map((cell) => (
            <i
              key={`${cell.block}:${cell.index}`}
              data-state={cell.state}
              className={cx(
                "size-[9px] rounded-[2.5px] border transition-colors duration-200 @max-[35rem]:nth-last-[n+5]:hidden",
                squares[cell.state],
              )}
            />
          ))}
        </span>
      ))}
      {rows.length === 0 ? <i className="size-3 animate-breathe rounded-full bg-accent" /> : null}
    </span>
  );
}

const squares: Record<Cell["state"], string> = {
  waiting: "border-line-2 bg-transparent",
  running: "animate-breathe border-accent bg-accent-soft",
  done: "border-accent bg-accent",
  failed: "border-line-2 bg-[linear-gradient(135deg,transparent_44%,var(--ink-3)_44%_56%,transparent_56%)]",
  dropped: "border-line-2 bg-[linear-gradient(135deg,transparent_44%,var(--ink-3)_44%_56%,transparent_56%)]",
};

/** At most twelve, and four where the strip is narrow, which leaves its numbers their room: the newest round stays in sight when there are more. */
function ofCandidate(cells: readonly Cell[], candidateId: string): Cell[] {
  return cells
    .filter((cell) => cell.candidateId === candidateId)
    .toSorted((a, b) => a.block - b.block || a.index - b.index)
    .slice(-12);
}
