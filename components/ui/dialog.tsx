"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  children: ReactNode;
  className?: string;
};

/** A modal in the middle of a desktop and at the bottom of a phone. Escape, the scrim and whatever `children` offers close it. */
export function Dialog({ open, onClose, title, description, children, className }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={cx(
            "fixed z-50 flex max-h-[88dvh] flex-col overflow-y-auto bg-card p-6 shadow-pop outline-none",
            "inset-x-0 bottom-0 rounded-t-3xl pb-[max(1.5rem,env(safe-area-inset-bottom))]",
            "sm:inset-0 sm:m-auto sm:h-fit sm:max-h-[calc(100dvh-3rem)] sm:w-[min(30rem,calc(100vw-2rem))] sm:rounded-2xl sm:border sm:border-line",
            "transition-[opacity,translate] duration-200 ease-calm data-ending-style:opacity-0 data-starting-style:translate-y-3 data-starting-style:opacity-0",
            className,
          )}
        >
          <Base.Title className="font-[620] text-[17px] tracking-[-0.01em]">{title}</Base.Title>
          {description === undefined ? null : (
            <Base.Description className="mt-1 text-ink-2 text-sm">{description}</Base.Description>
          )}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
