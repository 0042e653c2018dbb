"use client";
import { Drawer as Base } from "@base-ui/react/drawer";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type Props = {
  open: boolean;
  onClose: () => void;
  side: "left" | "right" | "bottom";
  label: string;
  children: ReactNode;
};

const places = {
  left: "inset-y-0 left-0 w-[min(18.5rem,86vw)] border-r [transform:translateX(var(--drawer-swipe-movement-x))] data-ending-style:[transform:translateX(-100%)] data-starting-style:[transform:translateX(-100%)]",
  right:
    "inset-y-0 right-0 w-[min(29rem,100vw)] border-l [transform:translateX(var(--drawer-swipe-movement-x))] data-ending-style:[transform:translateX(100%)] data-starting-style:[transform:translateX(100%)]",
  bottom:
    "inset-x-0 bottom-0 h-[88dvh] rounded-t-3xl border-t [transform:translateY(var(--drawer-swipe-movement-y))] data-ending-style:[transform:translateY(100%)] data-starting-style:[transform:translateY(100%)]",
};

/** A modal panel that slides in from an edge and can be swiped away. `label` names it. */
export function Drawer({ open, onClose, side, label, children }: Props) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => next || onClose()}
      swipeDirection={side === "bottom" ? "down" : side}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-250 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-50">
          <Base.Popup
            aria-label={label}
            className={cx(
              "absolute flex flex-col overflow-hidden border-line bg-card shadow-pop outline-none transition-transform duration-250 ease-calm data-swiping:transition-none",
              places[side],
            )}
          >
            {side === "bottom" ? (
              <span aria-hidden className="mx-auto mt-2.5 h-1 w-10 shrink-0 rounded-full bg-line-2" />
            ) : null}
            {/* What lies in it can be clicked and selected with a mouse; without this a press anywhere but on a button begins a swipe. */}
            <Base.Content className="flex min-h-0 flex-1 flex-col">{children}</Base.Content>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
