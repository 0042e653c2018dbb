"use client";
import { Button } from "@/components/ui/button.tsx";
import type { CandidatePart, Cell, Readings, RunPart, Stage } from "@/lib/shared/events.ts";
import { Cells } from "./cells.tsx";
import { useElapsed } from "./elapsed.tsx";
import { duration } from "./numbers.ts";
import { unclearWords } from "./words.ts";

type Props = {
  run: RunPart | null;
  stage: Stage | null;
  readings: Readings | null;
  candidates: readonly CandidatePart[];
  cells: readonly Cell[];
  /** The stage in words, numbers from the journal. */
  words: string;
  connection: "ok" | "lost";
  hurrying: boolean;
  stopping: boolean;
  onAnswerNow: () => void;
  onStop: () => void;
};

/**
 * Shown while a turn looks ahead. Its height never changes, so nothing moves while the numbers do; how high it is depends on the
 * thread's width, not the page's: beside an open list a tablet has no more room than a phone.
 */
export function Strip(props: Props) {
  const elapsed = useElapsed(props.run, props.stage);
  return (
    <section
      aria-label="Looking ahead"
      data-testid="strip"
      className="grid h-[128px] animate-rise grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-2 rounded-2xl border border-line bg-card px-4 py-3 shadow-card @min-[35rem]:h-[72px] @min-[35rem]:gap-x-4 @min-[35rem]:grid-cols-[auto_minmax(0,1fr)_auto] @min-[35rem]:py-0"
    >
      <div className="flex h-12 min-w-12 items-center">
        <Cells candidates={props.candidates} cells={props.cells} />
      </div>
      <div className="min-w-0 leading-snug">
        <p className="flex min-w-0 items-baseline gap-2 text-[15px]">
          <span className="truncate font-[560]" data-testid="stage">
            {props.hurrying ? "Taking the best so far" : <Counted words={props.words} />}
          </span>
          <span className="shrink-0 text-[13px] text-ink-3 tabular-nums" data-testid="elapsed">
            {duration(Math.floor(elapsed / 1_000) * 1_000).replace(".0", "")}
          </span>
        </p>
        <p className="truncate text-[13.5px] text-ink-2" title={unclearWords(props.readings) ?? undefined}>
          {secondLine(props, elapsed)}
        </p>
      </div>
      <div className="col-span-2 flex gap-2 *:flex-1 @min-[35rem]:col-span-1 @min-[35rem]:*:flex-none">
        <Button look="solid" onClick={props.onAnswerNow} disabled={props.hurrying || props.stopping}>
          Answer now
        </Button>
        <Button onClick={props.onStop} disabled={props.stopping}>
          {props.stopping ? "Stopping" : "Stop"}
        </Button>
      </div>
    </section>
  );
}

/** Digits of one width, so that a count shifts nothing; the hyphens between words keep theirs. */
function Counted({ words }: { words: string }) {
  return words.split(/(\d+)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence have no other name
    <span key={index} className={index % 2 === 1 ? "tabular-nums" : undefined}>
      {part}
    </span>
  ));
}

function secondLine({ connection, stage, readings }: Props, elapsed: number): string {
  if (connection === "lost") return "Connection lost, reconnecting. The turn goes on.";
  if (stage?.usual !== undefined && elapsed > stage.usual) {
    return `Most turns end by ${duration(stage.usual)}`;
  }
  return unclearWords(readings) ?? "Looking a few turns ahead";
}
