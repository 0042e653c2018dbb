"use client";
import { X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/button.tsx";
import { Chip } from "@/components/ui/chip.tsx";
import type { FeedbackBody } from "@/lib/shared/feedback.ts";

type Answer = "yes" | "partly" | "no";
type Props = { onSay: (body: FeedbackBody) => void; onClose: () => void };

const answers: readonly [Answer, string][] = [
  ["yes", "Yes"],
  ["partly", "Partly"],
  ["no", "No"],
];

/** Asked once at a quiet moment that the server picks: did this conversation reach its goal, and how good was it, 1 to 5. */
export function Goal({ onSay, onClose }: Props) {
  const [goal, setGoal] = useState<Answer | null>(null);
  const [rating, setRating] = useState<number | null>(null);
  const done = goal !== null && rating !== null;
  return (
    <section
      aria-label="Did you reach your goal?"
      data-testid="goal"
      className="relative flex animate-rise flex-wrap items-center gap-x-4 gap-y-2 rounded-2xl border border-line bg-card px-4 py-3 text-sm"
    >
      <p className="min-w-44 pr-8 font-[520] sm:pr-0">{done ? "Thank you" : "Did you reach your goal?"}</p>
      <fieldset className="flex gap-2" aria-label="Did you reach your goal?">
        {answers.map(([value, label]) => (
          <Chip
            key={value}
            pressed={goal === value}
            className="text-[13.5px]"
            onClick={() => {
              setGoal(value);
              onSay({ kind: "goal", value });
            }}
          >
            {label}
          </Chip>
        ))}
      </fieldset>
      {goal === null ? null : (
        <fieldset className="flex animate-rise flex-wrap items-center gap-1.5" aria-label="How good was it, 1 to 5">
          <span className="mr-1 text-[13px] text-ink-3 max-sm:w-full">How good? 1 poor, 5 very good</span>
          {[1, 2, 3, 4, 5].map((value) => (
            <Chip
              key={value}
              pressed={rating === value}
              aria-label={`${value} of 5`}
              className="w-9 px-0! text-center! text-[13.5px] tabular-nums pointer-coarse:w-11"
              onClick={() => {
                setRating(value);
                onSay({ kind: "rating", value });
              }}
            >
              {value}
            </Chip>
          ))}
        </fieldset>
      )}
      <IconButton
        label={done ? "Close" : "Not now"}
        onClick={onClose}
        className="absolute top-3.5 right-2 pointer-coarse:top-1.5 sm:pointer-coarse:top-3.5"
      >
        <X className="size-4" />
      </IconButton>
    </section>
  );
}
