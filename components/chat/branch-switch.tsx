"use client";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { IconButton } from "@/components/ui/button.tsx";

type Props = { siblings: readonly string[]; id: string; disabled: boolean; onShow: (id: string) => void; what: string };

/** The last step from one version to another. What it leads to is drawn anew, its switch included, so the step is kept here. */
let step: { to: string; back: boolean } | null = null;

/** ‹1/2›: the versions of one message, oldest first. Nothing where there is but one. */
export function BranchSwitch({ siblings, id, disabled, onShow, what }: Props) {
  const backward = useRef<HTMLButtonElement>(null);
  const forward = useRef<HTMLButtonElement>(null);
  // Who steps through the versions goes on stepping: the same button has the focus again, at either end the other one.
  useLayoutEffect(() => {
    if (step?.to !== id) return;
    const [same, other] = step.back ? [backward, forward] : [forward, backward];
    step = null;
    if (document.activeElement !== document.body) return;
    (same.current?.disabled ? other : same).current?.focus({ preventScroll: true });
  }, [id]);
  const show = (to: string, back: boolean) => {
    step = { to, back };
    onShow(to);
  };
  const index = siblings.indexOf(id);
  if (siblings.length < 2 || index < 0) return null;
  const previous = siblings[index - 1];
  const next = siblings[index + 1];
  return (
    <fieldset className="flex items-center text-[13px] text-ink-2 tabular-nums" aria-label={`Versions of this ${what}`}>
      <IconButton
        ref={backward}
        label={`Previous version of this ${what}`}
        className="w-6 pointer-coarse:w-10"
        disabled={disabled || previous === undefined}
        onClick={() => previous && show(previous, true)}
      >
        <ChevronLeft className="size-4" />
      </IconButton>
      <span data-testid="branch">
        {index + 1}/{siblings.length}
      </span>
      <IconButton
        ref={forward}
        label={`Next version of this ${what}`}
        className="w-6 pointer-coarse:w-10"
        disabled={disabled || next === undefined}
        onClick={() => next && show(next, false)}
      >
        <ChevronRight className="size-4" />
      </IconButton>
    </fieldset>
  );
}
