"use client";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cx } from "@/components/ui/cx.ts";
import type { CandidateRecord, Decision } from "@/lib/shared/record.ts";
import { futuresToShow } from "./contrast.ts";
import { Future } from "./future.tsx";
import { KindMark } from "./kind-mark.tsx";
import { plural } from "./numbers.ts";
import { kindNames } from "./words.ts";

type Props = {
  decision: Decision;
  candidate: CandidateRecord;
  /** Is it the one that stands in the conversation? */
  shown: boolean;
  /** Null where swapping is not possible now. Resolves to why it did not work; null where it did. */
  onUse: (() => Promise<string | null>) | null;
};

/** One reply that was possible: all of its words, up to three of its futures, and the way to have it instead. */
export function CandidateCard({ decision, candidate, shown, onUse }: Props) {
  const [using, setUsing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const futures = futuresToShow(decision, candidate.id);
  const intents = new Map(decision.intents.map((intent) => [intent.id, intent]));
  return (
    <details
      open={shown}
      data-testid="candidate"
      className={cx("group rounded-2xl border", shown ? "border-accent" : "border-line")}
    >
      <summary className="flex min-h-12 list-none items-center gap-2.5 rounded-2xl px-4 text-sm [&::-webkit-details-marker]:hidden">
        <KindMark kind={candidate.kind} />
        <span className="font-[560]">{kindNames[candidate.kind]}</span>
        <span className="ml-auto text-[13px] text-ink-3 tabular-nums">{noteOf(decision, candidate, shown)}</span>
        <ChevronRight className="size-4 text-ink-3 transition-transform duration-150 group-open:rotate-90" />
      </summary>
      <div className="grid gap-3 px-4 pb-4">
        <p className="max-h-72 overflow-y-auto whitespace-pre-wrap break-words text-[14.5px] leading-relaxed thin-scroll">
          {candidate.text}
          {candidate.finished ? null : <span className="text-ink-3"> … (not written to its end)</span>}
        </p>
        {onUse === null || shown ? null : (
          <Button
            small
            className="justify-self-start"
            disabled={using}
            onClick={() => {
              setUsing(true);
              setProblem(null);
              void onUse()
                .then(setProblem)
                .finally(() => setUsing(false));
            }}
          >
            Use this one instead
          </Button>
        )}
        {problem === null ? null : (
          <p role="alert" className="text-bad text-sm">
            {problem}
          </p>
        )}
        {futures.map(({ rollout, worst }) => (
          <Future key={rollout.id} rollout={rollout} worst={worst} intent={intents.get(rollout.intentId)} />
        ))}
      </div>
    </details>
  );
}

function noteOf(decision: Decision, candidate: CandidateRecord, shown: boolean): string {
  const n = decision.rollouts.filter((each) => each.candidateId === candidate.id && each.state === "done").length;
  const futures = n === 0 ? "not tried" : plural(n, "future");
  const role = candidate.chosen ? "chosen" : shown ? "taken by you" : null;
  return role === null ? futures : `${role} · ${futures}`;
}
