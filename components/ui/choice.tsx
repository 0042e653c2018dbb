import { useId } from "react";
import { cx } from "./cx.ts";

type Option<T extends string> = { value: T; label: string; hint?: string };
type Props<T extends string> = {
  legend: string;
  value: T | null;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
};

/** One of a few, as real radio buttons in a segmented row: arrow keys move, the browser announces position and number. */
export function Choice<T extends string>({ legend, value, options, onChange }: Props<T>) {
  const name = useId();
  const hint = options.find((option) => option.value === value)?.hint;
  return (
    <fieldset className="mt-5 min-w-0">
      <legend className="mb-2 font-[560] text-sm">{legend}</legend>
      <div
        className={cx(
          "grid gap-1 rounded-xl bg-soft p-1",
          options.length > 4 ? "grid-cols-3 sm:grid-cols-5" : "grid-cols-4",
        )}
      >
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              "flex h-9 cursor-pointer items-center justify-center rounded-[9px] px-1 text-sm transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:h-11",
              option.value === value ? "bg-card font-[560] text-ink shadow-card" : "text-ink-2 hover:text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="sr-only"
            />
            {option.label}
          </label>
        ))}
      </div>
      {hint === undefined ? null : <p className="mt-2 text-[13px] text-ink-2">{hint}</p>}
    </fieldset>
  );
}
