import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "@/components/ui/button.tsx";

type Props = { siblings: readonly string[]; id: string; disabled: boolean; onShow: (id: string) => void; what: string };

/** ‹1/2›: the versions of one message, oldest first. Nothing where there is but one. */
export function BranchSwitch({ siblings, id, disabled, onShow, what }: Props) {
  const index = siblings.indexOf(id);
  if (siblings.length < 2 || index < 0) return null;
  const previous = siblings[index - 1];
  const next = siblings[index + 1];
  return (
    <fieldset className="flex items-center text-[13px] text-ink-2 tabular-nums" aria-label={`Versions of this ${what}`}>
      <IconButton
        label={`Previous version of this ${what}`}
        className="w-6 pointer-coarse:w-10"
        disabled={disabled || previous === undefined}
        onClick={() => previous && onShow(previous)}
      >
        <ChevronLeft className="size-4" />
      </IconButton>
      <span data-testid="branch">
        {index + 1}/{siblings.length}
      </span>
      <IconButton
        label={`Next version of this ${what}`}
        className="w-6 pointer-coarse:w-10"
        disabled={disabled || next === undefined}
        onClick={() => next && onShow(next)}
      >
        <ChevronRight className="size-4" />
      </IconButton>
    </fieldset>
  );
}
