"use client";
import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";

type Item = { label: string; icon: ReactNode; danger?: boolean; onSelect: () => void };

/** A menu that opens under `trigger`. Arrow keys, letters and Escape work as in every menu. */
export function Menu({ trigger, items, label }: { trigger: ReactElement; items: readonly Item[]; label: string }) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            className="min-w-40 rounded-xl border border-line bg-card p-1 text-sm shadow-pop outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            {items.map((item) => (
              <Base.Item
                key={item.label}
                onClick={item.onSelect}
                className={cx(
                  "flex h-9 cursor-pointer items-center pointer-coarse:h-11 gap-2.5 rounded-lg px-2.5 outline-none data-highlighted:bg-soft [&_svg]:size-4 [&_svg]:text-ink-3",
                  item.danger && "text-bad [&_svg]:text-bad",
                )}
              >
                {item.icon}
                {item.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
