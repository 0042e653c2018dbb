import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cx } from "@/components/ui/cx.ts";

type Act = { label: string; onClick: () => void };
type Props = { tone: "bad" | "calm"; title: string; children?: ReactNode; acts: readonly Act[]; testid?: string };

/** What happened and what can be done about it, in the place where it happened. */
export function Notice({ tone, title, children, acts, testid }: Props) {
  return (
    <section
      data-testid={testid}
      aria-label={title}
      className={cx(
        "flex animate-rise flex-wrap items-center gap-x-4 gap-y-2.5 rounded-2xl border px-4 py-3 text-[14.5px] leading-snug",
        tone === "bad" ? "border-bad/35 bg-bad-soft" : "border-line bg-card",
      )}
    >
      <div className="min-w-0 flex-[1_1_16rem]">
        <p className={cx("font-[560]", tone === "bad" && "text-bad")}>{title}</p>
        {children === undefined ? null : <p className="mt-0.5 text-ink-2">{children}</p>}
      </div>
      <div className="flex gap-2">
        {acts.map((act, index) => (
          <Button key={act.label} small look={index === 0 ? "solid" : "outline"} onClick={act.onClick}>
            {act.label}
          </Button>
        ))}
      </div>
    </section>
  );
}
