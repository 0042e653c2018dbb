import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

/** A round-ended button: a suggestion, a quick reply, or (with `pressed`) a reason that is on or off. */
export function Chip({ pressed, className, ...rest }: ComponentProps<"button"> & { pressed?: boolean }) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      className={cx(
        "min-h-9 max-w-full rounded-full border px-3.5 py-1.5 text-left text-[14.5px] leading-snug [overflow-wrap:anywhere] transition-colors duration-150 pointer-coarse:min-h-11",
        "disabled:pointer-events-none disabled:opacity-55",
        pressed
          ? "border-accent bg-accent-soft font-[520] text-accent"
          : "border-line bg-card text-ink hover:border-line-2 hover:bg-soft/60",
        className,
      )}
      {...rest}
    />
  );
}
