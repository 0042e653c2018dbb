"use client";
import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { IconButton } from "@/components/ui/button.tsx";
import type { DecisionView } from "@/lib/shared/record.ts";
import { sentenceOf } from "@/lib/shared/sentence.ts";
import { CandidateCard } from "./candidate-card.tsx";
import { otherOf } from "./contrast.ts";
import { ContrastPanel } from "./contrast-panel.tsx";
import { Facts } from "./facts.tsx";
import { ReadingsList } from "./readings-list.tsx";
import { noLookahead, whyTitle } from "./words.ts";

type Props = {
  view: DecisionView;
  onClose: () => void;
  /** Resolves to why it did not work; null where it did. */
  onUse: ((candidateId: string) => Promise<string | null>) | null;
};

/** Everything the choice was made of, from one plain sentence down to the seed. Every word and number is the record's. */
export function WhySheet({ view, onClose, onUse }: Props) {
  const { decision } = view;
  const chosen = decision.candidates.find((each) => each.id === decision.chosenId);
  const other = otherOf(decision);
  const without = noLookahead(decision);
  const swapped = view.shownId !== decision.chosenId;
  const candidates = decision.candidates.toSorted((a, b) => Number(b.chosen) - Number(a.chosen));
  return (
    <div
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-6 pt-5 pb-12 thin-scroll"
      data-testid="why-sheet"
    >
      <header className="flex items-center justify-between gap-3">
        <h2 className="font-[620] text-lg tracking-[-0.012em]">
          {swapped ? "Why another reply came first" : whyTitle(chosen?.kind ?? "answer")}
        </h2>
        <IconButton label="Close" shortcut="Esc" onClick={onClose} className="-mr-2">
          <X className="size-[18px]" />
        </IconButton>
      </header>
      {swapped ? (
        <p className="mt-3 mb-4 rounded-xl bg-soft px-3.5 py-2.5 text-sm">
          You took this reply instead. What follows is about the one that was shown first.
        </p>
      ) : null}
      <p className="mt-2 text-[15.5px] leading-relaxed">{sentenceOf(decision)}</p>
      {without === null ? null : <p className="mt-3 rounded-xl bg-soft px-3.5 py-2.5 text-sm">{without}</p>}
      {chosen !== undefined && other !== null && decision.path === "lookahead" ? (
        <Section title="Chosen, against the best of another kind">
          <ContrastPanel decision={decision} chosen={chosen} other={other} />
        </Section>
      ) : null}
      {decision.intents.length > 0 ? (
        <Section title="What you might mean">
          <ReadingsList intents={decision.intents} />
        </Section>
      ) : null}
      <Section
        title={decision.rollouts.length > 0 ? "Replies considered, and their imagined futures" : "Replies considered"}
      >
        <div className="grid gap-3">
          {candidates.map((candidate) => (
            <CandidateCard
              key={candidate.id}
              decision={decision}
              candidate={candidate}
              shown={candidate.id === view.shownId}
              onUse={onUse === null ? null : () => onUse(candidate.id)}
            />
          ))}
        </div>
      </Section>
      <Section title="How it was decided">
        <Facts decision={decision} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mt-8">
      <h3 id={id} className="mb-3 font-[560] text-[13px] text-ink-3">
        {title}
      </h3>
      {children}
    </section>
  );
}
