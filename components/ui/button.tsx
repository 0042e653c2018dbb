import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

const looks = {
  /** The one thing to do here. */
  solid: "bg-ink text-paper border-ink hover:bg-ink-2 hover:border-ink-2",
  outline: "bg-card border-line text-ink hover:border-line-2 hover:bg-soft/60",
  quiet: "border-transparent text-ink-2 hover:bg-soft hover:text-ink",
  danger: "border-bad bg-bad text-card hover:opacity-90",
};

type Look = { look?: keyof typeof looks; small?: boolean };
type Props = ComponentProps<"button"> & Look;

/** How a button looks, for a link that is one. At least 36 px high, 44 on a touch screen. */
export const buttonClass = ({ look = "outline", small = false }: Look, className?: string) =>
  cx(
    "inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-[10px] border font-[520] whitespace-nowrap transition-colors duration-150",
    "disabled:pointer-events-none disabled:opacity-55",
    small ? "h-8 px-2.5 text-[13px] pointer-coarse:h-10" : "h-9 px-3.5 text-sm pointer-coarse:h-11",
    looks[look],
    className,
  );

export function Button({ look = "outline", small = false, className, type = "button", ...rest }: Props) {
  return <button type={type} className={buttonClass({ look, small }, className)} {...rest} />;
}

type IconProps = Omit<ComponentProps<"button">, "aria-label"> & { label: string; pressed?: boolean; shortcut?: string };

/** A button that is only a picture; `label` is its name for everyone, as tooltip and for screen readers. */
export function IconButton({ label, pressed, shortcut, className, type = "button", children, ...rest }: IconProps) {
  return (
    <button
      type={type}
      aria-label={label}
      aria-pressed={pressed}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      className={cx(
        "inline-grid size-8 shrink-0 place-items-center rounded-lg transition-colors duration-150 pointer-coarse:size-10",
        "disabled:pointer-events-none disabled:opacity-45",
        pressed ? "bg-accent-soft text-accent" : "text-ink-2 hover:bg-soft hover:text-ink",
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
