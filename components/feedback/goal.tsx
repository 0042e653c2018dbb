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
      className="flex animate-rise flex-wrap items-center gap-x-4 gap-y-2 rounded-2xl border border-line bg-card py-3 pr-2 pl-4 text-sm"
    >
      <p className="font-[520]">{done ? "Thank you" : "Did you reach your goal?"}</p>
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
        <fieldset className="flex animate-rise items-center gap-1.5" aria-label="How good was it, 1 to 5">
          <span className="mr-1 text-[13px] text-ink-3">How good?</span>
          {[1, 2, 3, 4, 5].map((value) => (
            <Chip
              key={value}
              pressed={rating === value}
              aria-label={`${value} of 5`}
              className="w-9 px-0 text-center text-[13.5px] tabular-nums"
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
      <IconButton label={done ? "Close" : "Not now"} onClick={onClose} className="ml-auto">
        <X className="size-4" />
      </IconButton>
    </section>
  );
}
