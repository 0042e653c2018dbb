import { cx } from "./cx.ts";

type Props = {
  /** Length of the bar, 0 to 1. */
  value: number;
  /** Ends of the interval around it, 0 to 1; null where there is none. */
  interval?: readonly [number, number] | null;
  look?: "solid" | "hatch" | "soft";
  className?: string;
};

/** A horizontal bar with whiskers. A picture of numbers that stand beside it, so it is hidden from screen readers. */
export function Bar({ value, interval = null, look = "solid", className }: Props) {
  return (
    <span aria-hidden className={cx("relative block h-2 rounded-full bg-soft", className)}>
      <span
        className={cx(
          "absolute inset-y-0 left-0 min-w-0.5 rounded-full transition-[width] duration-200",
          look === "solid" && "bg-accent",
          look === "hatch" && "hatch border border-ink-3",
          look === "soft" && "bg-ink-3",
        )}
        style={{ width: percent(value) }}
      />
      {interval === null ? null : (
        <span
          className="absolute -inset-y-[2px] border-x-[1.5px] border-ink/70"
          style={{ left: percent(interval[0]), width: percent(interval[1] - interval[0]) }}
        >
          <span className="absolute inset-x-0 top-1/2 h-px bg-ink/50" />
        </span>
      )}
    </span>
  );
}

const percent = (value: number): string => `${(Math.min(1, Math.max(0, value)) * 100).toFixed(2)}%`;
