import { cx } from "@/components/ui/cx.ts";
import type { Kind } from "@/lib/shared/kinds.ts";

/** A kind of reply as a shape, never as a colour alone: answer = dot, assume = dashed ring, question = ring, both = half dot. */
export function KindMark({ kind, className }: { kind: Kind; className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 12 12" className={cx("size-3 shrink-0 text-accent", className)}>
      {kind === "answer" ? (
        <circle cx="6" cy="6" r="5" fill="currentColor" />
      ) : (
        <circle
          cx="6"
          cy="6"
          r="4.5"
          fill="none"
          stroke="currentColor"
          strokeWidth={kind === "assume" ? 1.9 : 2.1}
          {...(kind === "assume" ? { strokeDasharray: "2.4 2.31" } : {})}
        />
      )}
      {kind === "hybrid" ? <path d="M6 1.5 A4.5 4.5 0 0 0 6 10.5 Z" fill="currentColor" /> : null}
    </svg>
  );
}
