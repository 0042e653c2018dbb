import { Bar } from "@/components/ui/bar.tsx";
import { cx } from "@/components/ui/cx.ts";
import type { CandidateRecord, Decision } from "@/lib/shared/record.ts";
import { contrastParts, type Part, type PartContrast } from "./contrast.ts";
import { KindMark } from "./kind-mark.tsx";
import { figure, interval80, plural } from "./numbers.ts";
import type { MeanRecord } from "./types.ts";
import { kindNames } from "./words.ts";

type Props = { decision: Decision; chosen: CandidateRecord; other: CandidateRecord };

/** The chosen reply against the best of another kind, part by part; numbers are differences over shared futures. */
export function ContrastPanel({ decision, chosen, other }: Props) {
  const parts = contrastParts(decision, chosen, other);
  return (
    <div className="rounded-2xl border border-line bg-paper p-4">
      <Legend candidate={chosen} look="solid" note="chosen" />
      <Legend candidate={other} look="hatch" note="other" />
      <dl className="mt-4 grid gap-3.5">
        {parts.map((part) => (
          <Row key={part.part} {...part} />
        ))}
      </dl>
      <p className="mt-3 text-[12.5px] text-ink-3 leading-snug">
        Bars: averages with 80&nbsp;% intervals. Numbers: difference in the futures both were tried in; above zero
        favours the chosen one. Interaction: what the talk itself was worth.
      </p>
      <Verdict decision={decision} />
    </div>
  );
}

function Legend({ candidate, look, note }: { candidate: CandidateRecord; look: "solid" | "hatch"; note: string }) {
  return (
    <p className="flex items-center gap-2 text-sm leading-7">
      <KindMark kind={candidate.kind} />
      <span className="font-[560]">{kindNames[candidate.kind]}</span>
      <span className="ml-auto flex items-center gap-2 text-[13px] text-ink-3">
        {note}
        <span
          aria-hidden
          className={cx("h-2 w-5 rounded-full", look === "solid" ? "bg-accent" : "hatch border border-ink-3")}
        />
      </span>
    </p>
  );
}

const partNames: Record<Part, string> = { goal: "Goal reached", effort: "Effort for you", interaction: "Interaction" };

function Row({ part, chosen, other, difference, interval }: PartContrast) {
  return (
    <div className="grid grid-cols-[6.4rem_minmax(0,1fr)_6.2rem] items-center gap-3 text-[13.5px]">
      <dt className="text-ink-2">{partNames[part]}</dt>
      <dd className="grid gap-2">
        <Bar {...barOf(chosen)} />
        <Bar {...barOf(other)} look="hatch" />
      </dd>
      <dd className="text-right tabular-nums leading-tight">
        {difference === null ? (
          <span className="text-ink-3">no pair</span>
        ) : (
          <>
            <span className="font-[560]">{figure(difference.mean, width(interval), true)}</span>
            <span className="block text-[12.5px] text-ink-3">
              {interval === null ? "one future" : spanOf(interval)}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}

/** Two ends that read the same are no interval. */
function spanOf(interval: readonly [number, number]): string {
  const [low, high] = interval.map((end) => figure(end, width(interval)));
  return low === high ? "no spread" : `${low} to ${high}`;
}

const width = (interval: readonly [number, number] | null): number | null =>
  interval === null ? null : interval[1] - interval[0];

/** Lengths are magnitudes on one scale: effort is a cost and interaction may be negative; the sign stands in the number. */
function barOf(mean: MeanRecord | null): { value: number; interval: readonly [number, number] | null } {
  if (mean === null) return { value: 0, interval: null };
  const ends = interval80(mean);
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  if (ends === null) return { value: Math.abs(mean.mean), interval: null };
  const sign = mean.mean < 0 ? -1 : 1;
  const [a, b] = [clamp(sign * ends[0]), clamp(sign * ends[1])];
  return { value: Math.abs(mean.mean), interval: [Math.min(a, b), Math.max(a, b)] };
}

/** The one claim about the whole: chosen minus other, with its interval, or that it is too close to call. */
function Verdict({ decision }: { decision: Decision }) {
  const contrast = decision.contrast;
  if (contrast === null || contrast.n === 0) {
    return (
      <p className="mt-4 rounded-xl bg-soft px-3.5 py-2.5 text-sm">
        Nothing was tried with both, so only the first estimate compares them.
      </p>
    );
  }
  const spread = contrast.hi - contrast.lo;
  const span = `${figure(contrast.lo, spread)} to ${figure(contrast.hi, spread)}`;
  return (
    <p className="mt-4 rounded-xl bg-soft px-3.5 py-2.5 text-sm tabular-nums" data-testid="verdict">
      <span className="font-[600]">
        {contrast.tooClose ? "Too close to call" : `Ahead by ${figure(contrast.mean, spread)}`}
      </span>
      <span className="text-ink-2">
        {`: ${Math.round(contrast.level * 100)} % interval ${span}, from ${plural(contrast.n, "shared imagined future")}`}
      </span>
    </p>
  );
}
